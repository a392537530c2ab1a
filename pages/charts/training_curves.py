"""Training curves: loss, score and learning rate by epoch, for one or several networks."""

import itertools
import math
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from fer_core.artifacts import summaries, training_log
from fer_core.artifacts.training_log import TrainingLog
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import accuracy
from fer_core.registry import MODELS, ModelSpec, list_networks
from fer_core.reports.format import percent
from pages.charts import theme

#: One per trained network, none of them an emotion's; the first five after Okabe and Ito.
COLOURS = ("#D55E00", "#1B8A93", "#3C86C8", "#A8599A", "#8A7A1F", "#7A6AE0")
HEIGHT = 290


def colour(model_name: str) -> str:
    """The network's colour, in the order of the registry; the seventh repeats the first."""
    return COLOURS[list_networks().index(model_name) % len(COLOURS)]


def load_logs(models: list[ModelSpec]) -> dict[str, TrainingLog]:
    """The training logs by model name; the page warns of those that cannot be read."""
    logs = {}
    for model in models:
        try:
            logs[model.name] = training_log.read(training_log.path(model))
        except ResultsError as error:
            st.warning(f"{model.title}: {error}", icon=":material/show_chart:")
    return logs


def score_name(model: ModelSpec) -> str:
    """Name of the score that selected the epoch on PublicTest."""
    if model.yes_no:
        return "mean average precision of the seven yes/no models"
    if summaries.trained_by_votes(model):
        return "accuracy by the crowd's majority"
    return "accuracy"


def baseline_score(model: ModelSpec) -> float | None:
    """No-skill baseline of that score; None without usable results.

    For the yes/no models it is the mean share of "yes" labels, one seventh; else the share of the
    most frequent emotion, or of the most frequent majority.
    """
    if model.yes_no:
        return 1 / len(EMOTIONS)
    own = accuracy.load_own_accuracy(model, "PublicTest")
    return None if own is None else own.baseline


def summary_text(model: ModelSpec, log: TrainingLog) -> str:
    """Which epoch was selected, with its score, and whether training was still improving."""
    best = log.best_index
    epoch = (
        f"Epoch {log.epoch[best]:g} of {log.epoch[-1]:.3g}" if len(log) > 1 else "The only epoch"
    )
    baseline = baseline_score(model)
    text = (
        f"**{epoch} was selected**: {score_name(model)} "
        f"{percent(log.public_score[best], 1)} on PublicTest"
    )
    text += "." if baseline is None else f" (no-skill baseline {percent(baseline, 1)})."
    if len(log) == 1:
        return text + " With one epoch there is no curve to draw."
    text += _phases((summaries.load_summary(model) or {}).get("recipe", {}))
    if log.is_still_improving:
        schedule = " The learning rate had decayed as scheduled: a longer schedule may help."
        return text + (
            " Training stopped while still improving: the last epoch had both the best score and "
            "the lowest loss on PublicTest." + schedule * log.has_decayed_learning_rate
        )
    lowest = log.epoch[int(log.public_loss.argmin())]
    return text + f" The loss on PublicTest was lowest in epoch {lowest:g}."


def _phases(recipe: Mapping[str, Any]) -> str:
    """Why the curves jump, for a run with progressive image sizes or learning-rate restarts."""
    resizes, restarts = [], ""
    for before, after in itertools.pairwise(recipe.get("phases", [])):
        epoch = math.floor(after["start"] * recipe["epochs"] + 1e-9) + 1
        resized, deeper = (before[key] != after[key] for key in ("size", "blocks"))
        if after.get("restart"):
            changes = " and ".join(["larger images"] * resized + ["more blocks"] * deeper)
            evaluation = (
                "; from then on PublicTest was evaluated at "
                f"{after['size'] or recipe['size']} pixels instead of {before['size']}"
            )
            with_changes = f", with {changes}" if changes else ""
            restarts += (
                f" In epoch {epoch} the learning rate was restarted{with_changes}"
                f"{evaluation * resized}."
            )
        elif resized:
            resizes.append((str(epoch), deeper))
    if not resizes:
        return restarts
    epochs = " or ".join(epoch for epoch, _ in resizes)
    shallow = " and with fewer blocks" if any(fewer for _, fewer in resizes) else ""
    return (
        f" It was trained on smaller images{shallow} first, while PublicTest was evaluated at full "
        f"size: a jump in epoch {epochs} is due to that change.{restarts}"
    )


def draw_curves(logs: Mapping[str, TrainingLog], show: Callable[..., None]) -> None:
    """Show loss, score and learning rate in three charts, side by side or stacked on a phone.

    A single run of one epoch has no curve, so its numbers are shown instead.

    Args:
        logs: By model name.
        show: Shows a chart with its downloads: `pages.components.figure.show`.
    """
    if [len(log) for log in logs.values()] == [1]:
        for name, log in logs.items():
            _single_epoch(MODELS[name], log)
    else:
        _three_charts(logs, show)
    st.caption(
        "The training loss is measured during training: on augmented images, with dropout and the "
        "rest of the recipe (label smoothing, mixup, a teacher). The PublicTest loss is measured "
        "without them, so the training loss may be higher. The score on PublicTest decided which "
        "epoch was selected."
    )
    if len({score_name(MODELS[name]) for name in logs}) > 1:
        st.caption(
            "The yes/no models have a different loss and score (seven yes/no questions instead of "
            "one choice among seven): compare the shapes of the curves, not their heights."
        )


def csv_rows(model_names: Iterable[str]) -> list[dict[str, Any]]:
    """One row per model and epoch, with all columns of the committed logs."""
    rows = []
    for name in model_names:
        log = training_log.read(training_log.path(MODELS[name]))
        columns = (getattr(log, column) for column in training_log.COLUMNS)
        rows += [
            {"model": name} | dict(zip(training_log.COLUMNS, values, strict=True))
            for values in zip(*columns, strict=True)
        ]
    return rows


def _three_charts(logs: Mapping[str, TrainingLog], show: Callable[..., None]) -> None:
    columns = st.columns(3, gap="medium")
    several = len(logs) > 1
    rate = "Learning rate, share of its maximum" if several else "Learning rate"
    titles = ", ".join(MODELS[name].title for name in logs)
    for column, key, title, draw in zip(
        columns,
        ("loss", "score", "learning-rate"),
        ("Loss: PublicTest solid, Training dotted", "Score on PublicTest", rate),
        (partial(_loss, logs), partial(_score, logs), partial(_rate, logs, shares=several)),
        strict=True,
    ):
        with column:
            st.markdown(f"**{title}**")
            show(
                draw,
                f"training-{key}",
                _alt(title.split(":")[0], logs),
                title=f"{title} ({titles})",
                source="One run per network, by epoch.",
                rows=partial(csv_rows, list(logs)),
            )


def _single_epoch(model: ModelSpec, log: TrainingLog) -> None:
    """Show the numbers of a run of one epoch, which has no curve."""
    row = st.container(horizontal=True, gap="large")
    row.metric("Training loss", f"{log.training_loss[0]:.3f}", width="content")
    row.metric("PublicTest loss", f"{log.public_loss[0]:.3f}", width="content")
    name = "PublicTest score"
    row.metric(name, percent(log.public_score[0], 1), width="content", help=score_name(model))
    row.metric("Minutes", f"{log.seconds[0] / 60:.0f}", width="content")


def _loss(logs: Mapping[str, TrainingLog]) -> go.Figure:
    figure = _empty(logs)
    for name, log in logs.items():
        figure.add_trace(_line(name, log, log.training_loss, dash="dot", legend=False))
        figure.add_trace(_line(name, log, log.public_loss))
    return figure


def _score(logs: Mapping[str, TrainingLog]) -> go.Figure:
    figure = _empty(logs)
    baselines = set()
    for name, log in logs.items():
        figure.add_trace(_line(name, log, log.public_score))
        best, value = log.epoch[log.best_index], log.public_score[log.best_index]
        ring = {"symbol": "circle-open", "size": 15, "color": colour(name), "line": {"width": 2.5}}
        figure.add_trace(go.Scatter(x=[best], y=[value], marker=ring, showlegend=False))
        if len(logs) == 1:
            label = f"selected: epoch {best:g}, {percent(value, 1)}"
            figure.add_annotation(
                x=best, y=value, text=label, showarrow=False, yshift=20, font=_font(),
                xanchor="right" if best > log.epoch.mean() else "left",
            )  # fmt: skip
        if (baseline := baseline_score(MODELS[name])) is not None:
            baselines.add(round(baseline, 6))
    for baseline in sorted(baselines):
        figure.add_hline(y=baseline, line={"width": 1.5, "dash": "dash", "color": theme.ink()})
        figure.add_annotation(
            x=1, xref="paper", y=baseline, text=f"baseline {percent(baseline, 1)}", showarrow=False,
            yshift=11, xanchor="right", font=_font(),
        )  # fmt: skip
    top = max(log.public_score.max() for log in logs.values())
    low = min(*baselines, *(log.public_score.min() for log in logs.values()))
    figure.update_yaxes(theme.percent_axis(low - 0.04, top + 0.08))
    return figure


def _rate(logs: Mapping[str, TrainingLog], shares: bool) -> go.Figure:
    figure = _empty(logs)
    for name, log in logs.items():
        maximum = log.learning_rate.max() if shares else 1
        figure.add_trace(_line(name, log, log.learning_rate / (maximum or 1)))
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
    """Alternative text: the first, last and selected epoch of every network."""
    values_of: Callable[[TrainingLog], np.ndarray] = {
        "Loss": lambda log: log.public_loss,
        "Score on PublicTest": lambda log: log.public_score,
    }.get(title, lambda log: log.learning_rate)
    curves = [
        f"{MODELS[name].title} from {values_of(log)[0]:.3g} in epoch {log.epoch[0]:g} to "
        f"{values_of(log)[-1]:.3g} in epoch {log.epoch[-1]:g}, "
        f"{values_of(log)[log.best_index]:.3g} in "
        f"epoch {log.epoch[log.best_index]:g}, which was selected"
        for name, log in logs.items()
    ]
    return f"{title} by epoch: {'; '.join(curves)}."
