"""A reproducible random sample of one split of FER2013."""

import numpy as np

from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.emotions import EMOTIONS


def sample_ids(
    dataset: Fer2013Dataset, split: str, count: int, *, balanced: bool, seed: int
) -> list[str]:
    """Draw images of a split without replacement, in random order.

    Args:
        dataset: Where the images are.
        split: `PublicTest` or `PrivateTest`.
        count: How many images; all if there are fewer.
        balanced: Draw as many of each emotion as possible, instead of as they occur.
        seed: The same seed gives the same images in the same order.

    Returns:
        Their ids.
    """
    random = np.random.default_rng(seed)
    indices = random.permutation(np.flatnonzero(np.char.startswith(dataset.ids, f"{split}_")))
    if balanced:  # the first image of each emotion, then the second of each, and so on
        place, labels = np.empty(len(indices), int), dataset.labels[indices]
        for emotion in range(len(EMOTIONS)):
            of_emotion = np.flatnonzero(labels == emotion)
            place[of_emotion] = np.arange(len(of_emotion))
        indices = indices[np.argsort(place, kind="stable")]
    sample = random.permutation(indices[:count])
    return [str(image_id) for image_id in dataset.ids[sample]]
