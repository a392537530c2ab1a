"""Faces with several variants' answers: which agree, in what order to look, said in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fer_core.evaluation import accuracy, agreement, lineage
from fer_core.evaluation.agreement import Consensus, Pair, consensus
from fer_core.evaluation.lineage import Lineage
from fer_core.pipeline import Answer
from fer_core.registry import MODELS
from fer_core.reports.format import join_words, percent
from pages.session.photos import Photo
from pages.text.escape import clean_name

MAX_NAME_LENGTH = 34  # letters of a photo's name
SINGLE = "Made to give one answer, each score divided by the sum of all seven,"


@dataclass(frozen=True)
class ComparedFace:
    """One face of one photo as the chosen variants see it."""

    key: str  # of the photo in the album
    photo: Photo
    index: int  # of the face in the photo
    answers: dict[str, Answer]  # by variant, in the order of the registry
    consensus: Consensus

    @property
    def said(self) -> dict[str, str]:
        """The emotion each variant names."""
        return {name: answer.emotion for name, answer in self.answers.items()}

    @property
    def place(self) -> tuple[str, int]:
        """What tells this face from all others of the session."""
        return self.key, self.index


def compared_faces(album: Mapping[str, Photo], names: Sequence[str]) -> list[ComparedFace]:
    """Every face of every photo that all named variants have answered, in the album's order."""
    found = []
    for key, photo in album.items():
        if not all(name in photo.answers for name in names):
            continue
        for i in range(len(photo.faces)):
            answers = {name: photo.answers[name][i] for name in names}
            said = [answer.emotion for answer in answers.values()]
            found.append(ComparedFace(key, photo, i, answers, consensus(said)))
    return found


def sort_by_disagreement(faces: Sequence[ComparedFace]) -> list[ComparedFace]:
    """Those first on which the fewest pairs of variants agree; else in the order they came."""
    return [faces[i] for i in agreement.rank_by_disagreement([face.consensus for face in faces])]


def face_name(face: ComparedFace, photos: int, *, capital: bool = False) -> str:
    """'face 2', and of which photo where there are several; the only face is 'this face'.

    Not escaped: see `escape` for Markdown.
    """
    if photos == 1 and len(face.photo.faces) == 1:
        name = "this face"
    else:
        name = f"face {face.index + 1}"
        name += f" of {shorten(face.photo.name)}" if photos > 1 else ""
    return name[0].upper() + name[1:] if capital else name


def shorten(name: str) -> str:
    """A photo's name on one line, its middle left out where it is long."""
    name = clean_name(name)
    return name if len(name) <= MAX_NAME_LENGTH else f"{name[: MAX_NAME_LENGTH - 13]}…{name[-12:]}"


def headline(told: Consensus, name: str) -> str:
    """'6 of 8 models agree on face 2: happy.'"""
    if told.total == 1:
        return f"One model is chosen, and it says {told.leaders[0]} for {name}."
    if told.is_unanimous:
        return f"All {told.total} models agree on {name}: {told.leaders[0]}."
    if told.top_count == 1:
        return f"No two of {told.total} models agree on {name}."
    if told.is_split:
        sides = join_words([f"{told.top_count} {leader}" for leader in told.leaders])
        return f"No answer leads for {name}: of {told.total} models, {sides}."
    return f"{told.top_count} of {told.total} models agree on {name}: {told.leaders[0]}."


def summary_headline(faces: Sequence[ComparedFace]) -> str:
    """The page's question answered for all faces at once: 'All 8 models agree on 2 of 6 faces.'"""
    total = faces[0].consensus.total
    if total == 1:
        return f"One model is chosen, and it has answered for {len(faces)} faces."
    alike = sum(face.consensus.is_unanimous for face in faces)
    if alike == len(faces):
        return f"All {total} models agree on every one of the {len(faces)} faces."
    if not alike:
        return f"There is no face among the {len(faces)} on which all {total} models agree."
    return f"All {total} models agree on {alike} of {len(faces)} faces."


def dissenters_text(face: ComparedFace) -> str:
    """Who says something else than the most common answer; empty when nobody does or none leads."""
    others = [
        f"{MODELS[name].title} ({face.answers[name].emotion})"
        for name in agreement.dissenters(face.said, face.consensus)
    ]
    verb = "differs" if len(others) == 1 else "differ"
    return f"{join_words(others)} {verb}." if others else ""


def positive_detectors(yes: Sequence[str], single: str) -> tuple[str, str]:
    """What the seven yes/no answers come to: a few words, and what that means.

    `yes` are the emotions said yes to; `single` is the one answer made of the same scores.
    """
    if not yes:
        return (
            "none fires",
            f"Asked one by one, all seven say no. {SINGLE} they still name {single}, the largest "
            "of seven scores that were too small on their own.",
        )
    if len(yes) > 1:
        return (
            "several fire",
            f"The seven do not know of each other, so more than one can say yes. {SINGLE} they "
            f"name {single}, the largest score.",
        )
    if yes[0] != single:
        return (
            "one fires",
            f"Only {yes[0]} reaches its own threshold. {SINGLE} they name {single} all the same: "
            "its score is larger, but its threshold is higher.",
        )
    return "one fires", f"{SINGLE} they name the same emotion: {single}."


def count_votes(face: ComparedFace) -> dict[str, int]:
    """How many of the variants that must pick one emotion pick each; yes/no models left out."""
    return agreement.count_votes(
        emotion for name, emotion in face.said.items() if not MODELS[name].yes_no
    )


def predicted_indices(faces: Sequence[ComparedFace], names: Sequence[str]) -> dict[str, np.ndarray]:
    """Variant → (N,) index into EMOTIONS of its answer for each face."""
    return {name: agreement.to_indices([face.said[name] for face in faces]) for name in names}


def extremes_text(pairs: Sequence[Pair]) -> str:
    """The most and the least alike pair by kappa, with their intervals; empty for a single pair."""
    found = agreement.extremes(pairs)
    return f"Most alike: {_pair(found[0])}. Least: {_pair(found[1])}." if found else ""


def _pair(pair: Pair) -> str:
    names = f"{MODELS[pair.first].title} and {MODELS[pair.second].title}"
    value = f"{pair.kappa.value:.3f} ± {pair.kappa.half_width:.3f}"
    return f"{names}, kappa {value} (same answer for {percent(pair.agreement)})"


def lineage_text(names: Sequence[str]) -> str:
    """Which of the variants are made of others of them, began as their copies or were taught by
    them, so that agreeing is less than a second opinion."""
    said = []
    if made := lineage.ensembles_with_members(names):
        verb, whose = ("is", "its") if len(made) == 1 else ("are", "their")
        said.append(
            f"{_titles(made)} {verb} made from other models that take part, so {whose} agreeing "
            "with those is no second opinion."
        )
    said += [_descent(found) for found in lineage.lineages(names)]
    for teacher, taught in lineage.students_by_teacher(names).items():
        if len(taught) > 1 or teacher in names:
            verb = "was" if len(taught) == 1 else "were"
            whom = "it" if len(taught) == 1 else "it or of each other"
            said.append(
                f"{_titles(taught)} {verb} taught partly by {MODELS[teacher].title}'s answers "
                f"and did not learn independently of {whom}."
            )
    return " ".join(said)


def _descent(found: Lineage) -> str:
    """How a variant goes back to another that is not its own teacher."""
    title, ancestor = MODELS[found.name].title, MODELS[found.ancestor].title
    if found.teacher is None:
        return f"{title} learned on from {ancestor}'s weights, so that the two agree tells little."
    return (
        f"{title} was taught partly by {MODELS[found.teacher].title}, and that by {ancestor}, "
        "so that the two agree tells little."
    )


def _titles(names: Sequence[str]) -> str:
    return join_words([MODELS[name].title for name in names])


def baseline_caution(names: Sequence[str]) -> str:
    """Which of the variants are not better than no skill on PrivateTest; empty when all are."""
    told = accuracy.not_above_baseline(names)
    verb, whose = ("is", "Its vote tells") if len(told) == 1 else ("are", "Their votes tell")
    return f"{_titles(told)} {verb} no better than no skill. {whose} nothing." if told else ""
