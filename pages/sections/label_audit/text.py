"""What the audit found, and how far to trust it, in words."""

from fer_core.artifacts import summaries
from fer_core.errors import ResultsError
from fer_core.evaluation import label_audit, lineage
from fer_core.evaluation.evaluation_set import TEST_SPLIT, EvaluationSet, committed_set
from fer_core.evaluation.label_audit import HitRate, LabelAudit
from fer_core.registry import MODELS
from fer_core.reports import private_test
from fer_core.reports.format import format_interval, join_words, percent
from fer_core.text import counted
from pages.sections.label_audit.controls import Auditor
from pages.text.escape import escape


def hit_text(ranking: LabelAudit, auditor: Auditor, where: str, k: int) -> str:
    """How many of the first `k` labels the crowd contradicts, beside what chance gives."""
    rate = label_audit.hit_rate(ranking, k)
    text = (
        f"Of the {counted(rate.n, 'label')} of {where} that {auditor.text} believes least, a clear "
        f"majority of ten annotators (FER+) contradicts **{rate.hits:,}** ({percent(rate.value)}; "
        f"95 % interval {format_interval(rate.interval)}) and confirms {rate.confirmed:,}; the "
        f"other {counted(rate.unclear, 'face')} have no clear majority. Of {rate.n:,} labels drawn "
        f"at random, it would contradict {_by_chance(rate)}."
    )
    clear = ranking.clear()
    if not len(clear):
        return text
    of_clear = label_audit.hit_rate(clear, k)
    return (
        f"{text} Among faces with a clear majority alone, it contradicts **{of_clear.hits:,}** of "
        f"the first {of_clear.n:,} ({percent(of_clear.value)}; "
        f"{format_interval(of_clear.interval)}), and {_by_chance(of_clear)} at random."
    )


def _by_chance(rate: HitRate) -> str:
    return f"{rate.chance * rate.n:,.0f}"


def unjudged_text(ranking: LabelAudit, auditor: Auditor, evaluation_set: EvaluationSet) -> str:
    """Why there is no hit rate."""
    text = (
        f"The {counted(len(ranking), 'face')} of {escape(evaluation_set.title)}, the label that "
        f"{auditor.text} believes least first. **There is no hit rate here**: "
    )
    if evaluation_set.is_fer2013:
        return f"{text}these labels are the annotators' own, so they cannot judge them."
    return (
        f"{text}nobody else has labelled these faces, so how often a suspicion is right cannot be "
        f"counted. Look at the first ones yourself.{_reference(auditor)}"
    )


def _reference(auditor: Auditor) -> str:
    """The hit rate of the same models on FER2013; empty for a user's own model."""
    if any(name not in MODELS for name in auditor.names):
        return ""
    try:
        ranking = label_audit.audit(committed_set(TEST_SPLIT), auditor.names)
        rate = label_audit.hit_rate(ranking, 100)
    except ResultsError:
        return ""
    return (
        f" For comparison: of the first {rate.n:,} labels of FER2013's {TEST_SPLIT}, ten "
        f"annotators contradict {rate.hits:,}. Your labels may be better or worse."
    )


def sample_note(auditor: Auditor, evaluation_set: EvaluationSet) -> str:
    """Whether the models have seen these labels."""
    if any(name not in MODELS for name in auditor.names):
        return (
            "Whether your own model has seen these labels, only you know: a model that has learned "
            "a wrong label believes it."
        )
    if not evaluation_set.is_fer2013:
        if evaluation_set.chose_models:
            return (
                "Our models were trained or chosen on many of these faces. A model that has "
                "learned a wrong label believes it, so such labels are not found."
            )
        return "None of our models has seen these labels."
    if evaluation_set.chose_models:
        return (
            f"No weight of a network was fitted on {evaluation_set.split}, and ensembles are shown "
            "out of fold, but its labels chose epochs, calibration and settings, so models may "
            "believe them slightly more than otherwise."
        )
    return f"{evaluation_set.split}: {private_test.ROLE}."


def judge_note(auditor: Auditor) -> str:
    """How independent annotators and models are of each other, and what a contradiction means."""
    models = [MODELS[name] for name in auditor.names if name in MODELS]
    voted = [name for name, model in MODELS.items() if summaries.trained_on_votes(model)]
    alone = [model.title for model in models if summaries.trained_by_votes(model)]
    partly = [m.title for m in models if m.name in voted and m.title not in alone]
    taught = {
        model.title: found
        for model in models
        if model.name not in voted and (found := lineage.all_teachers(model.name) & set(voted))
    }
    notes = []
    if alone:
        notes.append(
            f"{join_words(alone)} learned only what such annotators say of Training's faces, so "
            "the annotators are no independent judge of it."
        )
    learned = []
    if partly:
        learned.append(
            f"{join_words(partly)} learned partly from such annotators' votes for Training's faces"
        )
    if taught:
        teachers = join_words(
            [MODELS[name].title for name in sorted(set().union(*taught.values()))]
        )
        learned.append(
            f"{join_words(list(taught))} learned partly, directly or through members, from the "
            f"answers of {teachers}, which such annotators' votes had taught in part"
        )
    if learned:
        notes.append(
            f"{'; '.join(learned)}. The hit rate of a model that never did is the more careful "
            "figure."
        )
    notes.append(
        "A contradiction is not always an error: expressions are ambiguous, and the annotators "
        "call many faces neutral to which FER2013 gives an emotion."
    )
    return " ".join(notes)
