"""The Compare page's tables as HTML: answers of variants × faces, answers to one face, agreement.

HTML, so that a table becomes a list of cards on a phone and can be read aloud; its look is in
`pages/style/compare.css`.
"""

from collections.abc import Callable, Sequence
from html import escape

from fer_core.artifacts import summaries
from fer_core.emotions import COLOURS
from fer_core.evaluation.agreement import Consensus
from fer_core.pipeline import Answer
from fer_core.registry import VARIANTS
from fer_core.reports.format import listed, percent
from pages.charts.model_markers import mark, marked
from pages.components import model_table
from pages.components.face_gallery import picture
from pages.sections.compare import text
from pages.sections.compare.text import Seen
from pages.text.escape import plain

DIFFERS = '<span class="differs" role="img" aria-label="differs:">≠</span>'


def right(name: str) -> str:
    """'63.9 % ± 1.6', how often a variant is right on PrivateTest, or that nobody knows."""
    results = summaries.summary(VARIANTS[name])
    if results is None:
        return "not evaluated yet"
    share, half = model_table.right(results)
    return f"{percent(share, 1)} ± {half * 100:.1f}"


def grid(faces: Sequence[Seen], names: Sequence[str], photos: int) -> str:
    """A row a face, a column a variant; `photos` in the session, to name faces by."""
    heads = "".join(
        f'<th scope="col">{marked(name)}<small>right: {right(name)}</small></th>' for name in names
    )
    rows = "".join(_face(face, photos) for face in faces)
    return (
        '<table class="grid"><thead><tr><th scope="col">Face</th>'
        f'<th scope="col">Models that agree</th>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _face(face: Seen, photos: int) -> str:
    name = f"Face {face.index + 1}"
    alt = f"{name} of {plain(face.photo.name)} as the models see it"
    where = f"<small>{escape(text.short(face.photo.name))}</small>" if photos > 1 else ""
    whole = "<small>the whole picture</small>" if face.photo.whole else ""
    cells = "".join(_answer(face.consensus, *item) for item in face.answers.items())
    return (
        f'<tr><th scope="row"><img src="{picture(face.photo.chips[face.index])}" '
        f'alt="{escape(alt)}" width="48" height="48"><span>{name}{where}{whole}</span></th>'
        f'<td class="votes">{_votes(face.consensus)}</td>{cells}</tr>'
    )


def _votes(told: Consensus) -> str:
    """'6 of 8' and what they say."""
    if told.total == 1:
        return "–"
    if told.most == 1:
        return "<b>none</b><small>all differ</small>"
    if told.split:
        sides = listed([f"{told.most} {leader}" for leader in told.leaders])
        return f"<b>split</b><small>{sides}</small>"
    count = f"all {told.total}" if told.unanimous else f"{told.most} of {told.total}"
    return f"<b>{count}</b><small>{told.leaders[0]}</small>"


def _answer(told: Consensus, name: str, answer: Answer) -> str:
    differs = answer.emotion not in told.leaders
    return (
        f'<td class="answer" style="--emotion:{COLOURS[answer.emotion]}">'
        f'<span class="who">{marked(name)}<small>right: {right(name)} · '
        f"{answer.milliseconds:.1f} ms</small></span>"
        f'<span class="says">{DIFFERS if differs else ""}{answer.emotion}</span>'
        f"<b>{percent(max(answer.probabilities.values()))}</b>"
        f"<small>{answer.milliseconds:.1f} ms</small></td>"
    )


def legend(face: Seen) -> str:
    """Every variant's mark, title and answer: the profile chart's key."""
    rows = "".join(
        f"<li>{marked(name)}<span>"
        f"{DIFFERS if answer.emotion not in face.consensus.leaders else ''}"
        f"{answer.emotion} <b>{percent(max(answer.probabilities.values()))}</b></span></li>"
        for name, answer in face.answers.items()
    )
    return f'<ul class="legend">{rows}</ul>'


def matrix(
    names: Sequence[str],
    value: Callable[[str, str], float],
    write: Callable[[float], str],
    caption: str,
) -> str:
    """The lower half of a symmetric table of variants; a deeper tint is a greater value.

    `value(one, other)` is a fraction, below 0 tinted like 0; `write` prints it.
    """
    heads = "".join(
        f'<th scope="col"><span class="unseen">{escape(VARIANTS[name].title)}</span>'
        f"{mark(name)}</th>"
        for name in names[:-1]
    )
    rows = ""
    for i, one in enumerate(names):
        cells = ""
        for other in names[:-1][:i]:
            found = value(one, other)
            tint = min(max(found, 0.0), 1.0) if found == found else 0.0  # NaN is not itself
            cells += f'<td style="--tint:{tint:.3f}">{write(found)}</td>'
        cells += "<td></td>" * (len(names) - 1 - i)
        rows += f'<tr><th scope="row">{marked(one)}</th>{cells}</tr>'
    return (
        f'<table class="pairs"><caption class="unseen">{escape(caption)}</caption>'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )
