"""How training went, epoch by epoch, for one network or several on one set of axes."""

import itertools
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from fer_core.artifacts import summaries, training_log
from fer_core.artifacts.training_log import TrainingLog
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.registry import MODELS, ModelSpec, list_networks
from fer_core.reports.format import percent
from pages.charts import theme

#: One a network that was trained, none of them an emotion's; from Okabe and Ito's set.
COLOURS = ("#D55E00", "#1B8A93", "#3C86C8", "#A8599A", "#8A7A1F")
HEIGHT = 290


def colour(name: str) -> str:
    """The network's colour, dealt out in the order of the registry; a sixth has the first's."""
    return COLOURS[list_networks().index(name) % len(COLOURS)]


def load_logs(variants: list[ModelSpec]) -> dict[str, TrainingLog]:
    """The logs of these networks; what is wrong with the others is said on the page."""
    logs = {}
    for variant in variants:
        try:
            logs[variant.name] = training_log.read(training_log.path(variant))
        except ResultsError as error:
            st.warning(f"{variant.title}: {error}", icon=":material/show_chart:")
    return logs


def score_name(variant: ModelSpec) -> str:
    """What the score on PublicTest is for this network."""
    if variant.yes_no:
        return "mean average precision of the seven yes/no models"
    return "accuracy"


def baseline_score(variant: ModelSpec) -> float:
    """That score without any skill: for yes/no models the mean share of "yes", one seventh, else
    the commonest emotion's share."""
    if variant.yes_no:
        return 1 / len(EMOTIONS)
    accuracy: float = (summaries.load_summary(variant) or {})["no_skill"]["PublicTest"]
    return accuracy


def summary_text(variant: ModelSpec, log: TrainingLog) -> str:
    """Which epoch was kept, and whether it was still improving, by the rule that is said too."""
    best = log.best_index
    which = (
        f"Epoch {log.epoch[best]:g} of {log.epoch[-1]:.3g}" if len(log) > 1 else "The only epoch"
    )
    kept = (
        f"**{which} was kept**: {score_name(variant)} "
        f"{percent(log.public_score[best], 1)} on PublicTest; no skill gets "
        f"{percent(baseline_score(variant), 1)}."
    )
    if len(log) == 1:
        return kept + " With one epoch there is no curve to draw."
    kept += _phases((summaries.load_summary(variant) or {}).get("recipe", {}))
    if log.is_still_improving:
        plan = " By then its learning rate had fallen as planned: a longer plan may help."
        return kept + (
            " It was still improving when it stopped: the last epoch had both the best score and "
            "the lowest loss on PublicTest." + plan * log.has_decayed_learning_rate
        )
    lowest = log.epoch[int(log.public_loss.argmin())]
    return kept + f" The loss on PublicTest was lowest in epoch {lowest:g}."


def _phases(recipe: Mapping[str, Any]) -> str:
    """Why the curves jump, for a run that began with smaller pictures or had several cycles."""
    grown, anew = [], ""
    for before, after in itertools.pairwise(recipe.get("phases", [])):
        epoch = math.floor(after["start"] * recipe["epochs"] + 1e-9) + 1
        resized, deeper = (before[key] != after[key] for key in ("size", "blocks"))
        if after.get("restart"):
            new = " and ".join(["larger pictures"] * resized + ["more blocks"] * deeper)
            judged = (
                ": from there on PublicTest was judged at "
                f"{after['size'] or recipe['size']} pixels instead of {before['size']}"
            )
            with_new = f", with {new}" if new else ""
            anew += f" In epoch {epoch} the learning rate began anew{with_new}{judged * resized}."
        elif resized:
            grown.append((str(epoch), deeper))
    if not grown:
        return anew
    epochs = " or ".join(epoch for epoch, _ in grown)
    shallow = " and with fewer blocks" if any(fewer for _, fewer in grown) else ""
    return (
        f" It learned from smaller pictures{shallow} first, while PublicTest was judged at full "
        f"size: a jump in epoch {epochs} is that change.{anew}"
    )


def draw_curves(logs: Mapping[str, TrainingLog]) -> None:
    """Loss, score and learning rate: three charts beside each other, on a phone below each other.

    A single run of one epoch has no curve, so its numbers are shown instead.
    """
    if [len(log) for log in logs.values()] == [1]:
        for name, log in logs.items():
            _single_epoch(MODELS[name], log)
    else:
        _three_charts(logs)
    st.caption(
        "Training loss is measured while learning: on changed images, with dropout and what else "
        "the recipe says (label smoothing, mixup, a teacher). PublicTest's is measured without, so "
        "the one may lie above the other. The score decided which epoch was kept."
    )
    if len({score_name(MODELS[name]) for name in logs}) > 1:
        st.caption(
            "The yes/no models' loss and score are of another kind, seven yes/no questions instead "
            "of one in seven: compare their shape, not their height."
        )


def _three_charts(logs: Mapping[str, TrainingLog]) -> None:
    columns = st.columns(3, gap="medium")
    several = len(logs) > 1
    rate = "Learning rate, share of its highest" if several else "Learning rate"
    for column, title, figure in zip(
        columns,
        ("Loss: PublicTest solid, Training dotted", "Score on PublicTest", rate),
        (_loss(logs), _score(logs), _rate(logs, shares=several)),
        strict=True,
    ):
        column.markdown(f"**{title}**")
        column.plotly_chart(
            figure, key=title, config=theme.STATIC, alt=_alt(title.split(":")[0], logs)
        )


def _single_epoch(variant: ModelSpec, log: TrainingLog) -> None:
    """The numbers of a run of one epoch, which has no curve."""
    row = st.container(horizontal=True, gap="large")
    row.metric("Training loss", f"{log.training_loss[0]:.3f}", width="content")
    row.metric("PublicTest loss", f"{log.public_loss[0]:.3f}", width="content")
    name = "PublicTest score"
    row.metric(name, percent(log.public_score[0], 1), width="content", help=score_name(variant))
    row.metric("Minutes", f"{log.seconds[0] / 60:.0f}", width="content")


def _loss(logs: Mapping[str, TrainingLog]) -> go.Figure:
    figure = _empty(logs)
    for name, log in logs.items():
        figure.add_trace(_line(name, log, log.training_loss, dash="dot", legend=False))
        figure.add_trace(_line(name, log, log.public_loss))
    return figure


def _score(logs: Mapping[str, TrainingLog]) -> go.Figure:
    figure = _empty(logs)
    skills = set()
    for name, log in logs.items():
        figure.add_trace(_line(name, log, log.public_score))
        best, value = log.epoch[log.best_index], log.public_score[log.best_index]
        ring = {"symbol": "circle-open", "size": 15, "color": colour(name), "line": {"width": 2.5}}
        figure.add_trace(go.Scatter(x=[best], y=[value], marker=ring, showlegend=False))
        if len(logs) == 1:
            label = f"kept: epoch {best:g}, {percent(value, 1)}"
            figure.add_annotation(
                x=best, y=value, text=label, showarrow=False, yshift=20, font=_font(),
                xanchor="right" if best > log.epoch.mean() else "left",
            )  # fmt: skip
        skills.add(round(baseline_score(MODELS[name]), 6))
    for skill in sorted(skills):
        figure.add_hline(y=skill, line={"width": 1.5, "dash": "dash", "color": theme.ink()})
        figure.add_annotation(
            x=1, xref="paper", y=skill, text=f"no skill {percent(skill, 1)}", showarrow=False,
            yshift=11, xanchor="right", font=_font(),
        )  # fmt: skip
    top = max(log.public_score.max() for log in logs.values())
    low = min(*skills, *(log.public_score.min() for log in logs.values()))
    figure.update_yaxes(tickformat=".0%", range=[low - 0.04, top + 0.08])
    return figure


def _rate(logs: Mapping[str, TrainingLog], shares: bool) -> go.Figure:
    figure = _empty(logs)
    for name, log in logs.items():
        highest = log.learning_rate.max() if shares else 1
        figure.add_trace(_line(name, log, log.learning_rate / (highest or 1)))
    figure.update_yaxes(rangemode="tozero")
    return figure


def _line(
    name: str, log: TrainingLog, values: np.ndarray, dash: str = "solid", legend: bool = True
) -> go.Scatter:
    return go.Scatter(
        x=log.epoch,
        y=values,
        name=MODELS[name].title,
        mode="lines+markers",
        line={"color": colour(name), "width": 2.5, "dash": dash},
        marker={"size": 6},
        showlegend=legend,
        cliponaxis=False,
    )


def _empty(logs: Mapping[str, TrainingLog]) -> go.Figure:
    several = len(logs) > 1
    last = max(log.epoch[-1] for log in logs.values())
    figure = go.Figure()
    figure.update_layout(
        height=HEIGHT + 26 * len(logs) * several,
        margin={"l": 0, "r": 8, "t": 8 + 26 * len(logs) * several, "b": 0},
        showlegend=several,
        legend={"orientation": "v", "y": 1.02, "yanchor": "bottom", "x": 0, "font": _font()},
    )
    figure.update_xaxes(
        title={"text": "epoch", "font": _font(), "standoff": 6},
        tickfont=_font(),
        dtick=1 if last <= 10 else None,
        range=[0.6, last + 0.4] if last <= 10 else [0, last * 1.03],
        showgrid=False,
        fixedrange=True,
    )
    figure.update_yaxes(
        tickfont=_font(),
        gridcolor=theme.GRID,
        zeroline=False,
        fixedrange=True,
        exponentformat="none",
    )
    return figure


def _font() -> dict[str, object]:
    return {"size": 13, "color": theme.ink()}


def _alt(title: str, logs: Mapping[str, TrainingLog]) -> str:
    """First, last and kept epoch of every network, for somebody who hears the chart."""
    pick: Callable[[TrainingLog], np.ndarray] = {
        "Loss": lambda log: log.public_loss,
        "Score on PublicTest": lambda log: log.public_score,
    }.get(title, lambda log: log.learning_rate)
    told = [
        f"{MODELS[name].title} from {pick(log)[0]:.3g} in epoch {log.epoch[0]:g} to "
        f"{pick(log)[-1]:.3g} in epoch {log.epoch[-1]:g}, {pick(log)[log.best_index]:.3g} in epoch "
        f"{log.epoch[log.best_index]:g}, which was kept"
        for name, log in logs.items()
    ]
    return f"{title} by epoch: {'; '.join(told)}."
