"""Recipes and fitted parameters as readable tables."""

import json

from fer_core.artifacts import store, summaries, weights_file
from fer_core.artifacts.store import Artifacts
from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS, list_networks
from fer_core.reports import recipe_table


def test_ensembles_show_their_fitted_parameters() -> None:
    full, single, stacked = (
        weights_file.load_fitted(MODELS[name])
        for name in ("ensemble_full", "ensemble_single", "stacking")
    )
    share = f"**{full['multiclass_share'] * 100:.0f}\u00a0%**"
    assert share in recipe_table.section(MODELS["ensemble_full"])
    happy = EMOTIONS.index("happy")
    slope, offset = single["slope"][happy], f"{single['offset'][happy]:+.2f}".replace("-", "−")
    assert f"| happy | {slope:.2f} | {offset} |" in recipe_table.section(MODELS["ensemble_single"])
    own = (stacked["coefficients"][happy][happy], stacked["coefficients"][happy][7 + happy])
    cells = " | ".join(f"{x:+.2f}".replace("-", "−") for x in own)
    assert f"| happy | {cells} |" in recipe_table.section(MODELS["stacking"])
    assert f"C = {stacked['regularisation']:g}" in recipe_table.section(MODELS["stacking"])


def test_an_ensemble_without_fitted_parameters_says_so(no_artifacts: Artifacts) -> None:
    file = no_artifacts.weights / "stacking.json"
    file.write_text(json.dumps({"fitted": {}}))
    store.record_checksums(file)
    assert recipe_table.section(MODELS["stacking"]).startswith("Nothing was fitted")


def test_known_and_unknown_settings_are_readable() -> None:
    recipe = {
        "optimizer": "sgd", "mixup": 0.0, "yes_no": True, "start": "multiclass", "cut_mix": 0.5,
        "teacher": "", "teacher_share": 0.0,
        "augmentation": {"flip": False, "degrees": 10.0, "hue": 0}, "network": {"widths": [1, 2]},
    }  # fmt: skip
    rows = {name: value for name, value, _ in recipe_table.setting_rows(recipe)}
    assert rows == {
        "Optimiser": "SGD with Nesterov momentum 0.9",
        "Mixup": "off",
        "Yes/no outputs": "yes",
        "Initialisation": "Multi-class CNN",
        "Teacher": "none",
        "Teacher share": "off",
        "Rotation": "10",
        "Horizontal flip": "no",
        "Filters": "1, 2",
        "Cut mix": "0.5",
        "Augmentation: hue": "0",
    }


def test_a_phase_is_described_in_words() -> None:
    phase = {"start": 0.5, "size": 0, "blocks": 1, "mixup": 0.4, "restart": True}
    [(name, value, explanation)] = recipe_table.setting_rows({"phases": [phase]})
    assert name == "Phases"
    assert explanation
    assert value == (
        "from 50\u00a0%: full size, 1 block per stage, mixup 0.4, learning rate restarts"
    )
    assert recipe_table.setting_rows({"phases": []})[0][1] == "one"


def test_every_committed_setting_is_explained() -> None:
    for name in list_networks():
        summary = summaries.load_summary(MODELS[name])
        assert summary is not None
        for setting, _, explanation in recipe_table.setting_rows(summary["recipe"]):
            assert explanation, setting
