"""A visitor's own labelled sets for tests of pages: faces of PrivateTest under other names."""

from collections.abc import Mapping, Sequence

import numpy as np
from apptest import ROOT
from streamlit.testing.v1 import AppTest

from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation.evaluation_set import EvaluationSet, user_set
from fer_core.registry import MODELS
from pages.session.own_sets import SESSION_KEY, OwnResults

NAME = "mine"


def faces_of(emotions: Sequence[str], count: int) -> np.ndarray:
    """Indices of `count` faces of PrivateTest, about as many of each of these emotions."""
    labels = split_predictions("multiclass", "PrivateTest").labels
    by_emotion = [np.flatnonzero(labels == EMOTIONS.index(name)) for name in emotions]
    return np.array([by_emotion[i % len(emotions)][i // len(emotions)] for i in range(count)])


def labelled_set(
    emotions: Sequence[str],
    count: int,
    models: Sequence[str] = tuple(MODELS),
    groups: Mapping[str, np.ndarray] | None = None,
    notes: tuple[str, ...] = (),
) -> EvaluationSet:
    """A set of `count` faces, with our models' committed answers."""
    rows = faces_of(emotions, count)
    ids = np.array([f"face{i}.png" for i in range(count)])
    answers = {}
    for name in models:
        given = split_predictions(name, "PrivateTest").select(rows)
        answers[name] = Predictions(ids, given.labels, given.probabilities, given.scores)
    return user_set(NAME, answers, MODELS, title="My faces", groups=groups, notes=notes)


def open_with(own: OwnResults, page: str, **query: str) -> AppTest:
    """Open a page such as `pages/confusion.py` in a session with own sets, at the set `NAME`."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120)
    app.session_state[SESSION_KEY] = own
    for key, value in ({"split": NAME} | query).items():
        app.query_params[key] = value
    return app.run().switch_page(page).run()
