"""Faces with several models' answers: which models agree, put into sentences."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fer_core.answers import Answer
from fer_core.errors import ResultsError
from fer_core.evaluation import accuracy, agreement, lineage
from fer_core.evaluation.agreement import Consensus, Pair, consensus
from fer_core.evaluation.independence import effective_number
from fer_core.evaluation.lineage import Lineage
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import join_words, number_word, percent
from pages.session.photo import Photo
from pages.text.escape import clean_name

MAX_NAME_LENGTH = 34  # characters of a photo's name


@dataclass(frozen=True)
class ComparedFace:
    """One face of one photo with the answers of the selected models."""

    photo_key: str  # of the photo in the album
    photo: Photo
    index: int  # of the face in the photo
    answers: dict[str, Answer]  # by model name, in the order of the registry
    consensus: Consensus

    @property
    def predictions(self) -> dict[str, str]:
        """The most probable emotion by model name."""
        return {name: answer.emotion for name, answer in self.answers.items()}

    @property
    def face_id(self) -> tuple[str, int]:
        """Unique within the session."""
        return self.photo_key, self.index


def compared_faces(album: Mapping[str, Photo], model_names: Sequence[str]) -> list[ComparedFace]:
    """Every face of every photo that all these models have answered, in the album's order."""
    faces = []
    for key, photo in album.items():
        if not all(name in photo.answers for name in model_names):
            continue
        for i in range(len(photo.faces)):
            answers = {name: photo.answers[name][i] for name in model_names}
            emotions = [answer.emotion for answer in answers.values()]
            faces.append(ComparedFace(key, photo, i, answers, consensus(emotions)))
    return faces


def sort_by_disagreement(faces: Sequence[ComparedFace]) -> list[ComparedFace]:
    """The faces with the smallest share of agreeing pairs first; ties keep their order."""
    return [faces[i] for i in agreement.rank_by_disagreement([face.consensus for face in faces])]


def face_name(face: ComparedFace, photo_count: int, *, capital: bool = False) -> str:
    """'face 2', with its photo's name if there are several; the only face is 'this face'.

    Not escaped: see `escape` for Markdown.
    """
    if photo_count == 1 and len(face.photo.faces) == 1:
        name = "this face"
    else:
        name = f"face {face.index + 1}"
        name += f" of {shorten(face.photo.name)}" if photo_count > 1 else ""
    return name[0].upper() + name[1:] if capital else name


def shorten(name: str) -> str:
    """A photo's name on one line; the middle of a long one is cut out."""
    name = clean_name(name)
    return name if len(name) <= MAX_NAME_LENGTH else f"{name[: MAX_NAME_LENGTH - 13]}…{name[-12:]}"


def headline(consensus: Consensus, name: str) -> str:
    """'6 of 8 models agree on face 2: happy.'"""
    if consensus.total == 1:
        return f"One model has answered; its answer for {name} is {consensus.leaders[0]}."
    if consensus.is_unanimous:
        both = "Both" if consensus.total == 2 else f"All {consensus.total}"
        return f"{both} models agree on {name}: {consensus.leaders[0]}."
    if consensus.top_count == 1:
        return f"No two of {consensus.total} models agree on {name}."
    if consensus.is_split:
        sides = join_words(
            [f"{consensus.top_count} say {emotion}" for emotion in consensus.leaders]
        )
        return f"The {consensus.total} models are split on {name}: {sides}."
    return (
        f"{consensus.top_count} of {consensus.total} models agree on {name}: "
        f"{consensus.leaders[0]}."
    )


def summary_headline(faces: Sequence[ComparedFace]) -> str:
    """'All 8 models agree on 2 of 6 faces.'"""
    total = faces[0].consensus.total
    if total == 1:
        return f"One model has answered, for {len(faces)} faces."
    unanimous = sum(face.consensus.is_unanimous for face in faces)
    if unanimous == len(faces):
        return f"All {total} models agree on every one of the {len(faces)} faces."
    return f"All {total} models agree on {unanimous} of {len(faces)} faces."


def sides(face: ComparedFace) -> list[str]:
    """The surest model of each of the two most common answers, or of the only one, by name."""
    votes = Counter(face.predictions.values())
    names = []
    for emotion, _ in votes.most_common(2):
        agreeing = [name for name, said in face.predictions.items() if said == emotion]
        names.append(max(agreeing, key=lambda name: face.answers[name].probabilities[emotion]))
    return names


def dissenters_text(face: ComparedFace) -> str:
    """The models that differ from the most common answer; empty if none does or none leads."""
    dissenters = [
        f"{MODELS[name].title} ({face.answers[name].emotion})"
        for name in agreement.dissenters(face.predictions, face.consensus)
    ]
    verb = "differs" if len(dissenters) == 1 else "differ"
    return f"{join_words(dissenters)} {verb}." if dissenters else ""


def yes_answers(positive: Sequence[str], prediction: str) -> tuple[str, str]:
    """How many of the seven yes/no models say yes, and how that leads to one answer.

    Args:
        positive: The emotions whose yes/no model says yes.
        prediction: The emotion with the highest score.

    Returns:
        A few words for a heading, such as 'two say yes', and a sentence or two.
    """
    one_answer = (
        "If one answer is needed, the seven scores are normalised to add up to 100\u00a0% and the "
        f"highest wins: {prediction}."
    )
    if not positive:
        return "none says yes", f"No score reaches its own model's threshold. {one_answer}"
    if len(positive) > 1:
        return (
            f"{number_word(len(positive))} say yes",
            "The seven models are independent, so more than one can say yes. " + one_answer,
        )
    if positive[0] != prediction:
        return (
            "one says yes",
            f"Only {positive[0]} reaches its own model's threshold. {one_answer} "
            f"The score of {prediction} is higher, but so is its threshold.",
        )
    return "one says yes", one_answer


def count_votes(face: ComparedFace) -> dict[str, int]:
    """Number of models that answer each emotion; the yes/no models are not counted."""
    return agreement.count_votes(
        emotion for name, emotion in face.predictions.items() if not MODELS[name].yes_no
    )


def predicted_indices(
    faces: Sequence[ComparedFace], model_names: Sequence[str]
) -> dict[str, np.ndarray]:
    """Model name → (N,) indices into EMOTIONS of its answers for the N faces."""
    return {
        name: agreement.to_indices([face.predictions[name] for face in faces])
        for name in model_names
    }


def extremes_text(pairs: Sequence[Pair], models: Mapping[str, ModelSpec]) -> str:
    """The pairs with the highest and the lowest kappa; empty if there is only one pair."""
    extremes = agreement.extremes(pairs)
    if not extremes:
        return ""
    most, least = (_pair_text(pair, models) for pair in extremes)
    return f"Most similar: {most}. Least similar: {least}."


def _pair_text(pair: Pair, models: Mapping[str, ModelSpec]) -> str:
    titles = f"{models[pair.first].title} and {models[pair.second].title}"
    half_width = f"{pair.kappa.half_width:.3f}"
    kappa = f"{pair.kappa.value:.3f}"
    if float(half_width):  # zero where the answers are all the same: no interval
        kappa += f" ± {half_width}"
    low, high = wilson_interval(round(pair.agreement * pair.n), pair.n)
    share = f"{percent(pair.agreement)} of the faces, 95\u00a0% interval {100 * low:.0f} to"
    return f"{titles}, kappa {kappa} (same answer for {share} {percent(high)})"


def opinions_text(model_names: Sequence[str]) -> str:
    """How many independent opinions the models' answers are worth; empty without predictions."""
    try:
        number = effective_number(tuple(model_names))
    except ResultsError:
        return ""
    return (
        f"{number_word(number.models).capitalize()} answers are worth about "
        f"**{number.value:.2f} independent opinions** (95\u00a0% interval "
        f"{number.interval.low:.2f} to {number.interval.high:.2f}): by FER2013's labels, the "
        f"models' errors have a mean correlation of {number.correlation:.2f} on PublicTest "
        f"({number.n:,} faces). Wrong labels add to it."
    )


def lineage_text(model_names: Sequence[str]) -> str:
    """Which models contain, started from or were trained on other models.

    Agreement between such models is not independent evidence.
    """
    sentences = []
    if ensembles := lineage.ensembles_with_members(model_names):
        verb, their = (
            ("is an ensemble", "its") if len(ensembles) == 1 else ("are ensembles", "their")
        )
        sentences.append(
            f"{_titles(ensembles)} {verb} of other selected models, so agreement with {their} "
            "members is not independent evidence."
        )
    sentences += [_descent_text(descent) for descent in lineage.lineages(model_names)]
    for teacher, students in lineage.students_by_teacher(model_names).items():
        if len(students) > 1 or teacher in model_names:
            verb, are = ("was", "is") if len(students) == 1 else ("were", "are")
            others = "it" if len(students) == 1 else "it or of each other"
            sentences.append(
                f"{_titles(students)} {verb} trained partly on {MODELS[teacher].title}'s answers "
                f"(knowledge distillation) and {are} not independent of {others}."
            )
    return " ".join(sentences)


def _descent_text(descent: Lineage) -> str:
    """How a model goes back to another that is not its own teacher."""
    title, ancestor = MODELS[descent.name].title, MODELS[descent.ancestor].title
    if descent.teacher is None:
        return (
            f"{title} started from {ancestor}'s weights, so agreement between the two says little."
        )
    return (
        f"{title} was trained partly on the answers of {MODELS[descent.teacher].title}, which was "
        f"trained partly on those of {ancestor}, so agreement between the two says little."
    )


def _titles(model_names: Sequence[str]) -> str:
    return join_words([MODELS[name].title for name in model_names])


def baseline_caution(model_names: Sequence[str]) -> str:
    """Which models do not beat the no-skill baseline on PrivateTest; empty if all do."""
    names = accuracy.not_above_baseline(model_names)
    if not names:
        return ""
    verb, whose = ("does", "Its vote carries") if len(names) == 1 else ("do", "Their votes carry")
    return f"{_titles(names)} {verb} not beat the no-skill baseline. {whose} no information."
