"""Sentences about accuracy at other class priors."""

from fer_core.artifacts import summaries
from fer_core.registry import ModelSpec, networks_of
from fer_core.reports.format import join_words


def is_approximate(model: ModelSpec) -> bool:
    """Whether a model's prior correction is approximate; `approximation_note` says why."""
    return bool(_reasons(model))


def approximation_note(model: ModelSpec, title: str) -> str:
    """Why a model's prior correction is approximate, one sentence; empty if nothing is known to be.

    Args:
        model: Its record.
        title: Its title as it stands in the sentence.
    """
    reasons = _reasons(model)
    return f"For {title} it is approximate: {join_words(reasons)}." if reasons else ""


def _reasons(model: ModelSpec) -> list[str]:
    if model.is_own:
        return ["how common each emotion was in its training is not known here"]
    reasons = []
    if tau := (summaries.load_summary(model) or {}).get("logit_adjustment"):
        reasons.append(f"its logits were raised for rare emotions already (τ = {tau:g})")
    if summaries.trained_by_votes(model):
        reasons.append("it learned from the crowd's votes, which have other shares than the labels")
    elif summaries.trained_on_votes(model):
        reasons.append("it learned in part from the crowd's votes, which have other shares")
    if model.yes_no:
        reasons.append("its probabilities are made of seven separate yes/no answers")
    elif any(network.yes_no for network in networks_of(model)):
        reasons.append("some of its members are yes/no models")
    return reasons
