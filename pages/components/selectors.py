"""Model, split and emotion selectors, uniform across pages and kept in the URL."""

from collections.abc import Sequence

import streamlit as st

from fer_core.artifacts import weights_file
from fer_core.artifacts.predictions import SPLITS
from fer_core.artifacts.speed import load_speed
from fer_core.artifacts.summaries import evaluated_models
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import accuracy
from fer_core.evaluation import default_model as defaults
from fer_core.evaluation.near_copies import FACES, Faces
from fer_core.evaluation.thresholds import MIN_BALANCED_ACCURACY
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports import private_test
from fer_core.reports.format import percent
from pages.components import address
from pages.runtime.settings import settings

ALL_LABELS = "all"
MODEL_KEY = "model"  # in the session: the current model's name
SPLIT_DESCRIPTIONS = {
    "PrivateTest": f"the held-out test set{{faces}}: {private_test.ROLE}.",
    "PublicTest": "the validation set{faces}, used for model selection; its scores are slightly "
    "optimistic.",
}
#: How the threshold of a yes/no model was chosen, as the end of a sentence about PublicTest.
THRESHOLD_RULE = (
    "the most accurate one with a balanced accuracy of at least "
    f"{percent(MIN_BALANCED_ACCURACY)} there"
)


def split_description(split_name: str) -> str:
    """'the held-out test set (3,589 faces), …'; without the number until a model is evaluated."""
    n = accuracy.image_count(split_name)
    faces = "" if n is None else f" ({n:,} faces)"
    return SPLIT_DESCRIPTIONS[split_name].format(faces=faces)


def require_results() -> list[ModelSpec]:
    """The evaluated models; stops the page with a note if there are none."""
    models = evaluated_models()
    if not models:
        st.info(
            "No model has been evaluated yet, so there is nothing to show here. "
            "`python -m training.evaluate all` writes the results that this page shows."
        )
        st.stop()
    return models


def require_models(purpose: str) -> list[str]:
    """Names of the trained models; stops the page with a note if there are none.

    `purpose` is what the page does with them, such as "compare".
    """
    ready = [name for name, model in MODELS.items() if weights_file.is_ready(model)]
    if not ready:
        st.info(
            f"No model is trained yet, so there is nothing to {purpose}. "
            "`python -m training.train MODEL` trains one; docs/models/protocol.md says how."
        )
        st.stop()
    return ready


def current_model_name() -> str:
    """Name of the visit's current model, also on pages that select none.

    A visitor's own model, of which there are only answers, is not one that can be asked.
    """
    name: str = st.session_state.get(MODEL_KEY, "")
    return name if name in MODELS else default_model(list(MODELS.values())).name


def default_model(models: Sequence[ModelSpec]) -> ModelSpec:
    """The app's default among them, see `fer_core.evaluation.default_model`."""
    best = defaults.default_model_name()
    return next((model for model in models if model.name == best), models[0])


def first_model(models: Sequence[ModelSpec]) -> ModelSpec:
    """The one that a visit starts with: `default_model`, or for a class the fastest one."""
    if not settings().is_class:
        return default_model(models)
    try:
        times = load_speed().face_ms
    except ResultsError:
        times = {}
    ready = [model for model in models if model.name in times and weights_file.is_ready(model)]
    return min(ready, key=lambda model: times[model.name], default=default_model(models))


def select_model(models: list[ModelSpec], label: str = "Model") -> ModelSpec:
    """The visit's current model; the pages that show one model share it.

    At first it is the `first_model`.
    """
    by_name = {model.name: model for model in models}
    return by_name[
        address.choose(
            st.selectbox,
            label,
            by_name,
            key=MODEL_KEY,
            default=first_model(models).name,
            format_func=lambda name: model_label(by_name[name]),
            width=400,
        )
    ]


def model_label(model: ModelSpec) -> str:
    """The model's title, and whether it is trained."""
    if model.name not in MODELS or weights_file.is_ready(model):
        return model.title
    return f"{model.title} (not trained yet)"


def select_split(key: str = "split") -> str:
    """PrivateTest or PublicTest; PrivateTest by default."""
    return address.choose(
        st.segmented_control,
        "Split",
        SPLITS[::-1],
        key=key,
        default="PrivateTest",
        help=" ".join(f"{name}: {split_description(name)}" for name in SPLIT_DESCRIPTIONS),
    )


def select_faces(key: str = "faces") -> Faces:
    """All faces of a split, or those without a copy in Training; all by default."""
    return address.choose(
        st.segmented_control,
        "Faces",
        FACES,
        key=key,
        default="all",
        format_func=lambda faces: FACES[faces],
        help="About a quarter of the test faces are the same photograph as a Training image, "
        "cropped or lit differently. Without them, a score shows how a model does on "
        "photographs it has not seen.",
        wrap=True,
    )


def select_emotion(
    key: str = "emotion",
    label: str = "Emotion",
    default: str = "happy",
    emotions: Sequence[str] = EMOTIONS,
) -> str:
    """One of the seven emotions, or of some of them."""
    return address.choose(st.pills, label, emotions, key=key, default=default, wrap=True)


def select_label(key: str) -> str:
    """One of FER2013's labels, or `ALL_LABELS`."""
    return address.choose(
        st.selectbox,
        "FER2013's label",
        [ALL_LABELS, *EMOTIONS],
        key=key,
        param="label",
        default=ALL_LABELS,
        width=200,
    )
