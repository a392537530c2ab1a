"""The interface of every loaded model, with the methods of a scikit-learn classifier."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from fer_core.arrays import as_chips
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError
from fer_core.models.precision import Precision
from fer_core.registry import ModelSpec


class Predictor(ABC):
    """A trained model that classifies chips, (N, 48, 48) uint8 grey.

    It has the methods of a fitted scikit-learn classifier whose classes are the names in EMOTIONS,
    and works where scikit-learn takes one, in `sklearn.frozen.FrozenEstimator` for example.
    scikit-learn itself is not needed.

    Each method raises `TypeError` where chips are no NumPy array and `ValueError` where they have
    another shape or type.

    Attributes:
        model: The model's record in the registry.
        precision: In which its networks compute, `fp32` or `int8`; `features` too.
    """

    model: ModelSpec
    precision: Precision

    @abstractmethod
    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        """Predict probabilities (N, 7) float32 of chips (N, 48, 48) uint8.

        Each row sums to 1; columns are in the order of EMOTIONS.
        """

    @abstractmethod
    def decision_function(self, chips: np.ndarray) -> np.ndarray:
        """Compute the scores from which the probabilities come, (N, 7) float32.

        A network's are its logits. Those of yes/no models are the log-odds of seven independent
        answers, and those of an ensemble the logarithms of its probabilities.
        """

    @abstractmethod
    def features(self, chips: np.ndarray) -> np.ndarray:
        """Compute what the last linear layer gets, (N, D) float32: a description of each face.

        Of yes/no models these are the features of seven networks side by side, in the order of
        EMOTIONS; of an ensemble those of its members. The first call loads a second copy of the
        network.
        """

    @property
    def classes_(self) -> np.ndarray:
        """The names in EMOTIONS, (7,) str: what `predict` may return, in the columns' order."""
        return np.array(EMOTIONS)

    def predict(self, chips: np.ndarray) -> np.ndarray:
        """Predict the most probable emotion's name, (N,) str, of chips (N, 48, 48) uint8."""
        emotions: np.ndarray = self.classes_[self.predict_proba(chips).argmax(axis=1)]
        return emotions

    def score(
        self,
        chips: np.ndarray,
        labels: Sequence[str] | np.ndarray,
        sample_weight: Sequence[float] | np.ndarray | None = None,
    ) -> float:
        """Compute the accuracy.

        Args:
            chips: (N, 48, 48) uint8, at least one.
            labels: N emotion names.
            sample_weight: N weights of the chips; by default all count the same.

        Returns:
            The share of chips whose prediction is the label, from 0 to 1.

        Raises:
            ValueError: There are no chips, a label is not in EMOTIONS, or the numbers of chips and
                labels differ.
        """
        chips, expected = as_chips(chips), np.asarray(labels)
        if expected.shape != (len(chips),) or not len(chips):
            raise ValueError(
                f"score needs one label for each chip, and at least one chip; it got {len(chips)} "
                f"chips and labels of shape {expected.shape}"
            )
        if unknown := [label for label in expected.tolist() if label not in EMOTIONS]:
            raise ValueError(f"labels must be among {', '.join(EMOTIONS)}, not {unknown[0]!r}")
        return float(np.average(self.predict(chips) == expected, weights=sample_weight))

    def fit(self, *_: Any, **__: Any) -> None:
        """Raise `FerError`: the model is trained. scikit-learn asks whether the method exists."""
        raise FerError(
            f"{self.model.name} is trained already; give it to scikit-learn as "
            "FrozenEstimator(model)."
        )

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags  # it is the caller

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=False),
            classifier_tags=ClassifierTags(),
            input_tags=InputTags(two_d_array=False, three_d_array=True),
            requires_fit=False,
        )
