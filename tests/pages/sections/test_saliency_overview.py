"""Saliency's two sections on many faces, drawn from made-up results."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import explanation_results, explanations
from fer_core.evaluation.explanation_results import ExplanationResults, MeanMaps, ModelResults
from fer_core.evaluation.explanations import CENTRE_BASELINE, Measurement
from fer_core.explain import regions
from fer_core.explain.methods import METHODS
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from pages.sections.saliency import mean_maps, tables

N = 35
EVERY = f"{len(MODELS)} of {len(MODELS)}"
Made = dict[str, ModelResults]


def measured(gain: float, flat: int = 0) -> Measurement:
    spread = np.random.default_rng(0).normal(0, 0.02, N)
    gains = gain + spread - spread.mean()
    faces = np.column_stack([np.full(N, 0.6), gains + 0.1, *[np.full(N, 0.1)] * 3, np.zeros(N)])
    faces[:flat] = [np.nan] * 5 + [1]
    return Measurement(3, faces)


def means(**changes: object) -> MeanMaps:
    maps = np.full((7, 48, 48), 0.125)
    maps[:, 32:44, 12:36] = 0.5  # the mouth
    told = {"depth": 3, "maps": maps, "n": np.full(7, 60), "flat": np.zeros(7, int)}
    return MeanMaps(**(told | changes))  # type: ignore[arg-type]


def variant(name: str, **changes: object) -> ModelResults:
    methods = {m.name: measured(0.02) for m in METHODS.values() if name in m.model_names}
    told = {
        "weights": explanation_results.current_checksums(name),
        "provenance": {},
        "measurements": methods
        | {"grad_cam": measured(0.2, flat=7), CENTRE_BASELINE: measured(0.05)},
        "mean_maps": {"grad_cam": means(), "layer_cam": means(maps=np.full((7, 48, 48), 0.5))},
    }
    return ModelResults(**(told | changes))  # type: ignore[arg-type]


@pytest.fixture
def results(no_results: Path) -> Callable[[Made], None]:
    """Puts made-up results in the place of the committed ones."""

    def put(found: Made) -> None:
        ids = np.array([f"PublicTest_{i}" for i in range(N)])
        explanation_results.save_results(ExplanationResults(ids, 60, found))

    return put


def drawn(section: str, **query: str) -> AppTest:
    app = AppTest.from_string(
        f"from pages.sections.saliency import overview\noverview.{section}()", default_timeout=60
    )
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.info, app.warning)
    html = [element.proto.body for element in app.get("html")]
    return "\n".join([str(element.value) for kind in kinds for element in kind] + html)


SECTIONS = pytest.mark.parametrize("section", ["show_faithfulness", "show_mean_maps"])


@pytest.mark.usefixtures("results")
@SECTIONS
def test_without_results_it_says_what_to_run(section: str) -> None:
    app = drawn(section)
    assert not app.exception
    assert "run python -m training.saliency" in said(app)
    assert not app.dataframe


@SECTIONS
def test_damaged_results_are_one_sentence(section: str, results: Callable[[Made], None]) -> None:
    results({"multiclass": variant("multiclass")})
    explanation_results.files()[0].write_text("{")
    app = drawn(section)
    assert not app.exception
    assert "is damaged" in said(app)


@SECTIONS
def test_old_and_lacking_models_are_named(section: str, results: Callable[[Made], None]) -> None:
    old = variant("stacking", weights={"stacking.json": "0"})
    results({"multiclass": variant("multiclass"), "stacking": old})
    text = said(drawn(section))
    assert "Measured with earlier weights: Stacking." in text
    assert "`python -m training.saliency --variants stacking`" in text
    assert "Not measured yet: Individual emotion models" in text
    results({name: variant(name) for name in MODELS})
    assert not drawn(section).warning


def test_table_prints_the_numbers_and_the_most_faithful_methods(
    results: Callable[[Made], None],
) -> None:
    results({name: variant(name) for name in MODELS})
    app = drawn("show_faithfulness")
    assert not app.exception
    text = said(app)
    pairs = sum(len(m.model_names) for m in METHODS.values())
    assert f"Of {pairs} model–method pairs, {len(MODELS)} mark what the answer depends on" in text
    assert f"does: Grad-CAM for {EVERY} models** (paired t-tests" in text
    assert f"{pairs} pairs beat them, and so does the spot itself for {EVERY} models" in text
    assert "- **ResNet-101**: Grad-CAM\n" in text
    assert f"{N} PublicTest faces, the first 5 of each emotion by id" in text
    assert "PublicTest" in text
    wide = app.dataframe[0].value
    assert list(wide["Model"]) == [each.title for each in MODELS.values()]
    cell = wide["Grad-CAM"][0]
    gain = explanations.summarise(measured(0.2, flat=7)).difference
    assert cell.startswith(f"{100 * gain:+.1f} (+")
    assert cell.endswith(f"{percent(7 / N)} flat")
    unsupported = [m for m in METHODS.values() if "keras_cnn" not in m.model_names]
    for method in unsupported:
        assert wide[method.title][list(MODELS).index("keras_cnn")] == "–"
    long = app.dataframe[1].value
    assert len(long) == pairs + len(MODELS)
    row = long[(long["Model"] == "ResNet-101") & (long["Method"] == "Grad-CAM")].iloc[0]
    assert (row["Faces"], row["Flat"], row["Layer"]) == (N - 7, 100 * 7 / N, 3)
    assert row["Confidence drop"] - row["Random drop"] == pytest.approx(row["Difference"])
    assert row["95 % low"] < row["Difference"] < row["95 % high"]
    assert row["Against the spot"] == pytest.approx(15, abs=1)
    assert row["p, corrected"] < 0.001
    spot = long[(long["Model"] == "ResNet-101") & (long["Method"] == "Centre-bias baseline")]
    assert spot["p, corrected"].isna().all()
    assert app.get("download_button")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"grad_cam": measured(0.0)}, "none beats random maps"),
        (
            {"grad_cam": measured(0.1), CENTRE_BASELINE: measured(0.2)},
            "none significantly beats the centre",
        ),
        (
            {"grad_cam": measured(0.1), "layer_cam": measured(0.1)},
            "not significantly worse: Layer",
        ),
        ({"grad_cam": measured(0.1, flat=N)}, "not measured"),
    ],
)
def test_most_faithful_in_words(found: dict[str, Measurement], expected: str) -> None:
    assert expected in tables.most_faithful_text(variant("multiclass", measurements=found))


def test_mean_maps_show_every_model_and_emotion(results: Callable[[Made], None]) -> None:
    n, maps = np.full(7, 60), means().maps.copy()
    n[1], maps[1] = 0, 0
    n[2], maps[2] = 4, 0
    lacking = variant("multiclass", mean_maps={"grad_cam": means(n=n, maps=maps)})
    results({name: variant(name) for name in MODELS} | {"multiclass": lacking})
    app = drawn("show_mean_maps", closer=MODELS["multiclass"].title)
    assert not app.exception
    assert app.selectbox(key="closer").value == "multiclass"
    text = said(app)
    assert text.count("<figure>") == (len(MODELS) + 1) * 7
    assert text.count("never recognised") == 2
    assert text.count("too few faces</span></div><figcaption>fear<br><small>4 faces") == 1
    assert text.count("<img") == (len(MODELS) + 1) * 7 - 4 + 1  # and the colour bar
    assert all(f'alt="{MODELS[name].title}, happy, mean of 60 maps' in text for name in MODELS)
    assert f"**happy**: mouth ({EVERY})" in text
    assert f"the face significantly: Grad-CAM for {EVERY} models" in text
    assert f"**disgust**: mouth ({len(MODELS) - 1} of {len(MODELS) - 1})" in text
    share = regions.heat_fractions(maps[3])["mouth"]
    assert (
        f"mouth: {percent(share)} of the heat on "
        f"{percent(regions.AREA_FRACTIONS['mouth'])} of the area" in text
    )
    assert app.segmented_control(key="maps").value == "grad_cam"
    table = app.dataframe[0].value
    assert list(table["Emotion"]) == [
        *(e for e in EMOTIONS if e not in ("disgust", "fear")),
        "area (baseline)",
    ]
    assert table["Mouth"][0] == pytest.approx(100 * share)
    assert table["Mouth"].iloc[-1] == pytest.approx(100 * regions.AREA_FRACTIONS["mouth"])


def test_maps_of_another_method(results: Callable[[Made], None]) -> None:
    results({name: variant(name) for name in ("multiclass", "resnet101")})
    text = said(drawn("show_mean_maps", maps="LayerCAM"))
    assert "Mean of the LayerCAM maps" in text
    assert "LayerCAM of layer 3 of 4" in text
    # Even maps have as much heat as area everywhere, so no region stands out.
    assert text.count("evenly spread") >= 14


def test_a_nonsense_address_is_forgiven(results: Callable[[Made], None]) -> None:
    results({"multiclass": variant("multiclass")})
    app = drawn("show_mean_maps", closer="nobody")
    assert not app.exception
    assert app.selectbox(key="closer").value == "multiclass"


def test_colours_end_at_a_model_s_hottest_place() -> None:
    assert mean_maps.colour_maximum(means()) == pytest.approx(0.5)
    assert mean_maps.colour_maximum(means(maps=np.zeros((7, 48, 48)))) == 1.0
    assert "colour scale 0–0.50" in mean_maps.model_rows({"multiclass": means()})


def test_committed_results_are_drawn() -> None:
    if not explanation_results.files()[0].is_file():
        pytest.skip("not measured: run python -m training.saliency")
    for section in ("show_faithfulness", "show_mean_maps"):
        app = drawn(section)
        assert not app.exception
        assert not app.warning
        assert not app.info


def test_slow_methods_are_said_to_be_measured_on_fewer_faces(
    results: Callable[[Made], None],
) -> None:
    few = measured(0.02)
    few.faces[7:] = np.nan
    results({"multiclass": variant("multiclass", measurements={"score_cam": few})})
    app = drawn("show_faithfulness")
    assert "Score-CAM, which is slow, on 7 of them; flat maps" in said(app)
    assert app.dataframe[1].value["Faces"][0] == 7
