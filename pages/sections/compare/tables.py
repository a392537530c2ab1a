"""The Compare page's tables as HTML: answers of variants × faces, answers to one face, agreement.

HTML, so that a table becomes a list of cards on a phone and can be read aloud; its look is in
`pages/style/compare.css`.
"""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from fer_core.emotions import COLOURS
from fer_core.evaluation import accuracy
from fer_core.evaluation.agreement import Consensus
from fer_core.pipeline import Answer
from fer_core.registry import MODELS
from fer_core.reports.drawing import data_uri
from fer_core.reports.format import half_width, join_words, percent
from pages.charts import model_markers
from pages.sections.compare import text
from pages.sections.compare.text import ComparedFace
from pages.text.escape import clean_name
from pages.text.markup import Cell, concat, table, tag

DIFFERS_SIGN = tag("span", "≠", class_="differs", role="img", aria_label="differs:")


def model_marker(name: str) -> Markup:
    """HTML of the variant's mark; says nothing aloud, its name belongs beside it."""
    both = f"light-dark({model_markers.marker_colours(name)['light']},{model_markers.marker_colours(name)['dark']})"
    style = f"background:{both}"
    return tag("i", class_=f"mark {model_markers.marker_shape(name)}", style=style, aria_hidden="true")


def model_label(name: str) -> Markup:
    """HTML: mark and title."""
    return tag("span", model_marker(name), tag("span", MODELS[name].title), class_="model")


def accuracy_text(name: str) -> str:
    """'63.9 % ± 1.6', how often a variant is right on PrivateTest, or that nobody knows."""
    told = accuracy.load_accuracy(MODELS[name])
    if told is None:
        return "not evaluated yet"
    return f"{percent(told.value, 1)} {half_width(told.interval)}"


def answer_grid(faces: Sequence[ComparedFace], names: Sequence[str], photos: int) -> Markup:
    """A row a face, a column a variant; `photos` in the session, to name faces by."""
    heads = (concat((model_label(name), tag("small", f"right: {accuracy_text(name)}"))) for name in names)
    rows = [_face(face, photos) for face in faces]
    return table(("Face", "Models that agree", *heads), rows, "grid")


def _face(face: ComparedFace, photos: int) -> list[object]:
    name = f"Face {face.index + 1}"
    chip = tag(
        "img",
        src=data_uri(face.photo.chips[face.index]),
        alt=f"{name} of {clean_name(face.photo.name)} as the models see it",
        width=48,
        height=48,
    )
    where = tag("small", text.shorten(face.photo.name)) if photos > 1 else ""
    whole = tag("small", "the whole picture") if face.photo.uses_full_image else ""
    return [
        concat((chip, tag("span", name, where, whole))),
        Cell(_votes(face.consensus), {"class_": "votes"}),
        *(_answer(face.consensus, *item) for item in face.answers.items()),
    ]


def _votes(told: Consensus) -> Markup | str:
    """'6 of 8' and what they say."""
    if told.total == 1:
        return "–"
    if told.top_count == 1:
        return tag("b", "none") + tag("small", "all differ")
    if told.is_split:
        sides = join_words([f"{told.top_count} {leader}" for leader in told.leaders])
        return tag("b", "split") + tag("small", sides)
    count = f"all {told.total}" if told.is_unanimous else f"{told.top_count} of {told.total}"
    return tag("b", count) + tag("small", told.leaders[0])


def _answer(told: Consensus, name: str, answer: Answer) -> Cell:
    speed = f"{answer.milliseconds:.1f} ms"
    who = model_label(name), tag("small", f"right: {accuracy_text(name)} · {speed}")
    content = (
        tag("span", *who, class_="who"),
        tag("span", _sign(told, answer), answer.emotion, class_="says"),
        tag("b", percent(max(answer.probabilities.values()))),
        tag("small", speed),
    )
    style = f"--emotion:{COLOURS[answer.emotion]}"
    return Cell(concat(content), {"class_": "answer", "style": style})


def model_legend(face: ComparedFace) -> Markup:
    """Every variant's mark, title and answer: the profile chart's key."""
    rows = []
    for name, answer in face.answers.items():
        sure = tag("b", percent(max(answer.probabilities.values())))
        said = tag("span", _sign(face.consensus, answer), f"{answer.emotion} ", sure)
        rows.append(tag("li", model_label(name), said))
    return tag("ul", *rows, class_="legend")


def _sign(told: Consensus, answer: Answer) -> Markup | str:
    """What marks an answer that differs from the most common ones."""
    return "" if answer.emotion in told.leaders else DIFFERS_SIGN


def agreement_matrix(
    names: Sequence[str],
    value: Callable[[str, str], float],
    write: Callable[[float], str],
    caption: str,
) -> Markup:
    """The lower half of a symmetric table of variants; a deeper tint is a greater value.

    `value(one, other)` is a fraction, below 0 tinted like 0; `write` prints it.
    """
    heads = (
        concat((tag("span", MODELS[name].title, class_="unseen"), model_marker(name)))
        for name in names[:-1]
    )
    rows = []
    for i, one in enumerate(names):
        row: list[object] = [model_label(one)]
        for other in names[:-1][:i]:
            found = value(one, other)
            tint = min(max(found, 0.0), 1.0) if found == found else 0.0  # NaN is not itself
            row.append(Cell(write(found), {"style": f"--tint:{tint:.3f}"}))
        rows.append(row + [""] * (len(names) - 1 - i))
    return table(("", *heads), rows, "pairs", caption)
