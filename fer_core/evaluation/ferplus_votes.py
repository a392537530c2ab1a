"""Ten annotators' votes for a face: the crowd's clear majority, and what it says of an answer.

Votes are (N, 10) integers with columns as in `ANSWERS`; the first seven are EMOTIONS.
"""

import numpy as np

from fer_core.emotions import EMOTIONS

MIN_MAJORITY_VOTES = 5  # of ten
K = len(EMOTIONS)


def majority(votes: np.ndarray) -> np.ndarray:
    """(N, 10) votes → (N,) index into EMOTIONS of the clear majority, -1 if there is none.

    The answer with the most votes of all ten must have at least five votes, no tie, and be one of
    the seven emotions.
    """
    most_votes = votes.max(axis=1)
    tied = (votes == most_votes[:, None]).sum(axis=1) > 1
    answer = votes.argmax(axis=1)
    is_clear = (most_votes >= MIN_MAJORITY_VOTES) & ~tied & (answer < K)
    return np.where(is_clear, answer, -1)


def most_voted(votes: np.ndarray) -> np.ndarray:
    """(N, 10) votes → (N,) index of the emotion with the most votes (plurality).

    The three other answers are ignored and the first of tied emotions is taken; -1 if none of the
    seven has a vote. (Without this last rule such images would be called angry: 63.8 instead of
    63.7 % agreement on PrivateTest.)
    """
    emotions = votes[:, :K]
    return np.where(emotions.any(axis=1), emotions.argmax(axis=1), -1)


def vote_share(votes: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Compute the share of each image's votes that its answer received.

    Args:
        votes: (N, 10).
        answers: (N,) indices into EMOTIONS.

    Returns:
        (N,) fractions.
    """
    shares: np.ndarray = votes[np.arange(len(votes)), answers] / votes.sum(axis=1)
    return shares


def majority_sides_with_model(
    labels: np.ndarray, predicted: np.ndarray, votes: np.ndarray
) -> np.ndarray:
    """Find the images on which the clear majority agrees with the model and not with the label.

    Args:
        labels: (N,) indices into EMOTIONS.
        predicted: (N,) indices into EMOTIONS.
        votes: (N, 10).

    Returns:
        (N,) bool.
    """
    mask: np.ndarray = (predicted != labels) & (predicted == majority(votes))
    return mask


def rank_by_majority_support(
    labels: np.ndarray, predicted: np.ndarray, votes: np.ndarray, confidence: np.ndarray
) -> np.ndarray:
    """Rank the images on which the clear majority sides with the model.

    Args:
        labels: (N,) indices into EMOTIONS.
        predicted: (N,) indices into EMOTIONS.
        votes: (N, 10).
        confidence: (N,) probability of the prediction.

    Returns:
        (M,) indices, most votes for the prediction first, ties by confidence.
    """
    votes_for_prediction = votes[np.arange(len(votes)), predicted].astype(int)
    order = np.lexsort((-confidence, -votes_for_prediction))
    ranked: np.ndarray = order[majority_sides_with_model(labels, predicted, votes)[order]]
    return ranked
