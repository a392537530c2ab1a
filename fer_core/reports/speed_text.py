"""One sentence on how fast the models are for what they reach."""

from collections.abc import Sequence
from typing import Final

from fer_core.artifacts.speed import Speed
from fer_core.evaluation.rankings import Place
from fer_core.registry import MODELS

ABOUT_AS_FAST: Final = 1.1  # a ratio of times below this is not called faster


def summary(places: Sequence[Place], title: str, speed: Speed, *, whole_photo: bool) -> str:
    """Which model within chance of the first is the fastest, and by how much, as Markdown.

    Args:
        places: All models, best first, at least one.
        title: Of the metric that ranks them.
        speed: Their times.
        whole_photo: Whether the time includes decoding the photo and finding its face.
    """
    times = {
        place.name: milliseconds
        for place in places
        if (milliseconds := speed.milliseconds(place.name, whole_photo=whole_photo)) is not None
    }
    per = "photo" if whole_photo else "face"
    first = places[0]
    tested = [place.name for place in places if place.p_value is not None and place.tied]
    timed = [name for name in tested if name in times]
    metric = title[0].lower() + title[1:]
    if first.name not in timed:  # it was not timed, or nothing was tested
        fastest = min(times, key=lambda name: times[name], default=None)
        if fastest is None:
            return ""
        return f"**{MODELS[fastest].title}** is the fastest: {_ms(times[fastest])} per {per}."
    fastest = min(timed, key=lambda name: times[name])
    if len(places) == 1:
        return f"**{MODELS[fastest].title}** takes {_ms(times[fastest])} per {per}."
    if fastest == first.name:
        return (
            f"**{MODELS[first.name].title}** is first in {metric} and, of the models within chance "
            f"of it, the fastest: {_ms(times[fastest])} per {per}."
        )
    ratio = times[first.name] / times[fastest]
    if ratio < ABOUT_AS_FAST:
        return (
            f"**{MODELS[fastest].title} is about as fast as {MODELS[first.name].title}** "
            f"({_ms(times[fastest])} and {_ms(times[first.name])} per {per}) and within chance of "
            f"its {metric}."
        )
    return (
        f"**{MODELS[fastest].title} is {ratio:{'.0f' if ratio >= 3 else '.1f'}} times as fast as "
        f"{MODELS[first.name].title}** ({_ms(times[fastest])} instead of "
        f"{_ms(times[first.name])} per {per}) and within chance of its {metric}."
    )


def fastest_tied(places: Sequence[Place], speed: Speed) -> str | None:
    """Name of the fastest other model within chance of the first; None if there is none."""
    times = speed.face_ms
    names = [place.name for place in places[1:] if place.tied and place.name in times]
    return min(names, key=lambda name: times[name], default=None)


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:.1f} ms" if milliseconds < 10 else f"{milliseconds:.0f} ms"
