"""Which variant, split and emotion a page shows: one look, kept in the address to be shared."""

import streamlit as st

from fer_core.artifacts import summaries, weights_file
from fer_core.artifacts.predictions import SPLITS
from fer_core.artifacts.summaries import evaluated_models
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import accuracy
from fer_core.evaluation.thresholds import MIN_BALANCED_ACCURACY
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import percent

SPLIT_DESCRIPTIONS = {
    "PrivateTest": "faces that had no say in any choice: the honest number.",
    "PublicTest": "faces that chose the epoch, thresholds and weights: a little too kind.",
}
#: How the threshold of a yes/no model was chosen, as the end of a sentence.
THRESHOLD_RULE = (
    f"the most accurate of those that keep a balanced accuracy of {percent(MIN_BALANCED_ACCURACY)} there"
)


def split_description(split_name: str) -> str:
    """'3,589 faces that had no say …', what a split is good for; without their number before
    anything was evaluated."""
    n = accuracy.image_count(split_name)
    return SPLIT_DESCRIPTIONS[split_name] if n is None else f"{n:,} {SPLIT_DESCRIPTIONS[split_name]}"


def require_results() -> list[ModelSpec]:
    """The evaluated variants; where there are none the page says so and ends here."""
    found = evaluated_models()
    if not found:
        st.info(
            "No model has been evaluated yet, so there is nothing to show here. "
            "`python -m training.evaluate all` writes the results this page is made of."
        )
        st.stop()
    return found


def require_models(purpose: str) -> list[str]:
    """Names of the trained variants; where there are none the page says so and ends here.

    `purpose` is what the page would do with them, such as "compare".
    """
    ready = [name for name, variant in MODELS.items() if weights_file.is_ready(variant)]
    if not ready:
        st.info(
            f"No model is trained yet, so there is nothing to {purpose}. "
            "`python -m training.train VARIANT` trains one; docs/training.md says how."
        )
        st.stop()
    return ready


def select_model(models: list[ModelSpec], key: str = "model", label: str = "Model") -> ModelSpec:
    """One of `found`; at first the one most accurate on PublicTest."""
    names = [each.name for each in models]
    best = summaries.default_model_name()
    chosen = st.selectbox(
        label,
        names,
        index=names.index(best) if best in names else 0,
        format_func=lambda name: MODELS[name].title,
        key=key,
        width=360,
        bind="query-params",
    )
    return MODELS[chosen]


def select_split(key: str = "split") -> str:
    """PrivateTest or PublicTest; PrivateTest unless asked otherwise."""
    return st.segmented_control(
        "Split",
        SPLITS[::-1],
        default="PrivateTest",
        required=True,
        key=key,
        help=" ".join(f"{name}: {split_description(name)}" for name in SPLIT_DESCRIPTIONS),
        bind="query-params",
    )


def select_emotion(key: str = "emotion", label: str = "Emotion", default: str = "happy") -> str:
    """One of the seven."""
    return st.pills(
        label,
        EMOTIONS,
        default=default,
        required=True,
        key=key,
        wrap=True,
        bind="query-params",
    )


def measurement_note(model: ModelSpec, split_name: str) -> str:
    """One sentence to stand below numbers: which faces, and what no skill gets."""
    told = accuracy.load_accuracy(model, split_name)
    assert told is not None
    what = {
        "PrivateTest": "which had no say in choosing the model",
        "PublicTest": "which also chose the model, so these numbers are a little too kind",
    }[split_name]
    if model.members and split_name == "PublicTest":
        what = "each answered by a fit that left it out"
    return (
        f"{told.n:,} faces of FER2013's {split_name}, {what}. "
        f"No skill, always the commonest emotion, is right for {percent(told.baseline, 1)}."
    )
