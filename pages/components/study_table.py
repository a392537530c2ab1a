"""What the study's yes/no accuracies hide, and our own beside it."""

from fer_core.emotions import EMOTIONS
from fer_core.registry import get
from fer_core.reports.format import percent

#: Faces an emotion in the study's validation folder.
STUDY_COUNTS = dict(zip(EMOTIONS, (960, 111, 1018, 1825, 1216, 1139, 797), strict=True))
STUDY_TOTAL = sum(STUDY_COUNTS.values())
#: Always answering the commonest emotion there, happy.
STUDY_NO_SKILL = max(STUDY_COUNTS.values()) / STUDY_TOTAL


def yes_no_table() -> str:
    """HTML: an emotion a row, each accuracy beside what always answering "no" gets."""
    variant = get("individual")
    study = variant.study_accuracy
    assert not isinstance(study, float)
    results = variant.summary_results
    ours = results["splits"]["PrivateTest"].get("yes_no") if results else None
    heads = ["Emotion", "Study", "Always “no”"]
    heads += ["Ours", "Always “no”", "Ours, balanced"] if ours else []
    rows = []
    for name in EMOTIONS:
        cells = [percent(study[name], 2), percent(1 - STUDY_COUNTS[name] / STUDY_TOTAL, 2)]
        if ours:
            told = ours[name]
            keys = ("accuracy", "no_skill", "balanced_accuracy")
            cells += [percent(told[key], 1) for key in keys]
        rest = "".join(f"<td>{cell}</td>" for cell in cells)
        rows.append(f'<tr><th scope="row">{name}</th>{rest}</tr>')
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    return (
        f'<table class="plain"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )
