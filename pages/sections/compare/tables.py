"""The Compare page's tables as HTML: answers per face and model, legend, agreement matrix.

HTML, so that a table becomes a list of cards on a phone and works with a screen reader; the style
is in `pages/style/compare.css`.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import isnan

from markupsafe import Markup

from fer_core.answers import Answer
from fer_core.artifacts import summaries
from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.evaluation import accuracy
from fer_core.evaluation.agreement import Consensus
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.drawing import data_uri
from fer_core.reports.format import join_words, percent, percent_with_interval
from pages.charts import model_markers
from pages.components import clicks, face_quality
from pages.sections.compare import text
from pages.sections.compare.text import ComparedFace
from pages.session import selection
from pages.text.escape import clean_name
from pages.text.markup import Cell, concat, table, tag

DIFFERS_SIGN = tag("span", "≠", class_="differs", role="img", aria_label="differs:")


def model_marker(name: str) -> Markup:
    """The model's marker; hidden from screen readers, so show the model's title beside it."""
    colours = model_markers.marker_colours(name)
    colour = f"light-dark({colours['light']},{colours['dark']})"
    style = f"background:{colour}"
    return tag(
        "i", class_=f"mark {model_markers.marker_shape(name)}", style=style, aria_hidden="true"
    )


def model_label(model: ModelSpec, *, short: bool = False) -> Markup:
    """The model's marker and title, or its short one."""
    title = tag("span", model.short_title, title=model.title) if short else tag("span", model.title)
    return tag("span", model_marker(model.name), title, class_="model")


def accuracy_text(name: str) -> str:
    """The model's PrivateTest accuracy, '63.9 % (62.3–65.5)', or why there is none.

    By FER2013's labels, or by the crowd for a model that was taught by votes.
    """
    result = accuracy.load_own_accuracy(MODELS[name])
    if result is None:
        return summaries.missing_results(MODELS[name])
    return percent_with_interval(result.value, result.interval)


def _accuracy_cell(name: str) -> Markup:
    ruler = "by the crowd" if summaries.trained_by_votes(MODELS[name]) else "accuracy"
    return tag("small", f"{ruler}: {accuracy_text(name)}")


def answer_grid(
    faces: Sequence[ComparedFace],
    model_names: Sequence[str],
    photo_count: int,
    shown: tuple[str, int] | None = None,
) -> Markup:
    """One row per face, one column per model.

    `photo_count` decides how faces are named; a click on a face shows it in detail, as `shown` is.
    """
    heads = (
        concat((model_label(MODELS[name], short=True), _accuracy_cell(name)))
        for name in model_names
    )
    rows = [_face_row(face, photo_count, face.face_id == shown) for face in faces]
    return table(("Face", "Models that agree", *heads), rows, "grid")


def answer_counts(faces: Sequence[ComparedFace], model_names: Sequence[str]) -> Markup:
    """One row per model: on how many of the faces it answers each emotion."""
    rows = []
    for name in model_names:
        answers = Counter(face.predictions[name] for face in faces)
        cells = (_count_cell(emotion, answers[emotion], len(faces)) for emotion in EMOTIONS)
        rows.append([model_label(MODELS[name]), *cells])
    return table(("", *EMOTIONS), rows, "counts", f"Answers on {len(faces)} faces")


def _count_cell(emotion: str, count: int, total: int) -> Cell:
    style = f"--emotion:{COLOURS[emotion]};--share:{count / total:.3f}"
    return Cell(str(count or ""), {"style": style})


def _face_row(face: ComparedFace, photo_count: int, is_shown: bool) -> list[object]:
    name = f"Face {face.index + 1}"
    chip = tag(
        "img",
        src=data_uri(face.photo.chips[face.index]),
        alt=f"{name} of {clean_name(face.photo.name)}, the models' input",
        width=48,
        height=48,
    )
    button = clicks.face_button(
        chip,
        selection.photo_token(face.photo_key),
        face.index,
        f"{name} of {clean_name(face.photo.name)} in detail",
        is_shown,
        show=".st-key-detail",
    )
    photo_name = tag("small", text.shorten(face.photo.name)) if photo_count > 1 else ""
    whole = tag("small", "the whole photo") if face.photo.uses_full_image else ""
    words = face_quality.outside(face.photo)[face.index]
    outside = tag("small", f"outside: {', '.join(words)}") if words else ""
    return [
        concat((button, tag("span", name, photo_name, whole, outside))),
        Cell(_agreement(face.consensus), {"class_": "votes"}),
        *(_answer_cell(face.consensus, *item) for item in face.answers.items()),
    ]


def _agreement(consensus: Consensus) -> Markup | str:
    """'6 of 8' and the most common answer."""
    if consensus.total == 1:
        return "–"
    if consensus.top_count == 1:
        return tag("b", "none") + tag("small", "all differ")
    if consensus.is_split:
        sides = join_words([f"{consensus.top_count} {leader}" for leader in consensus.leaders])
        return tag("b", "split") + tag("small", sides)
    count = (
        f"all {consensus.total}"
        if consensus.is_unanimous
        else f"{consensus.top_count} of {consensus.total}"
    )
    return tag("b", count) + tag("small", consensus.leaders[0])


def _answer_cell(consensus: Consensus, name: str, answer: Answer) -> Cell:
    model = model_label(MODELS[name]), _accuracy_cell(name)
    content = (
        tag("span", *model, class_="who"),
        tag("span", _differs_sign(consensus, answer), answer.emotion, class_="says"),
        tag("b", percent(max(answer.probabilities.values()))),
    )
    style = f"--emotion:{COLOURS[answer.emotion]}"
    return Cell(concat(content), {"class_": "answer", "style": style})


def model_legend(face: ComparedFace) -> Markup:
    """Every model's marker, title and answer: the legend of the probability chart."""
    rows = []
    for name, answer in face.answers.items():
        probability = tag("b", percent(max(answer.probabilities.values())))
        sign = _differs_sign(face.consensus, answer)
        rows.append(
            tag(
                "li",
                model_label(MODELS[name]),
                tag("span", sign, f"{answer.emotion} ", probability),
            )
        )
    return tag("ul", *rows, class_="legend")


def _differs_sign(consensus: Consensus, answer: Answer) -> Markup | str:
    """The sign of an answer that differs from the most common ones, else nothing."""
    return "" if answer.emotion in consensus.leaders else DIFFERS_SIGN


def agreement_matrix(
    models: Mapping[str, ModelSpec],
    model_names: Sequence[str],
    value: Callable[[str, str], float],
    to_text: Callable[[float], str],
    caption: str,
) -> Markup:
    """The lower half of a symmetric table of models; a deeper tint is a higher value.

    Args:
        models: Their records by name.
        model_names: Rows and columns, in this order.
        value: Gives the fraction for two models; values below 0 are tinted like 0.
        to_text: Formats a value.
        caption: For screen readers.
    """
    heads = (
        concat((tag("span", models[name].title, class_="unseen"), model_marker(name)))
        for name in model_names[:-1]
    )
    rows = []
    for i, first in enumerate(model_names):
        row: list[object] = [model_label(models[first])]
        for second in model_names[:-1][:i]:
            number = value(first, second)
            tint = 0.0 if isnan(number) else min(max(number, 0.0), 1.0)
            row.append(Cell(to_text(number), {"style": f"--tint:{tint:.3f}"}))
        rows.append(row + [""] * (len(model_names) - 1 - i))
    return table(("", *heads), rows, "pairs", caption)
