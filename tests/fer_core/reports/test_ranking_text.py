"""The sentences on rankings by another metric than accuracy."""

from fer_core.evaluation.evaluation_set import committed_set
from fer_core.evaluation.rankings import Place
from fer_core.evaluation.uncertainty import Interval
from fer_core.reports import ranking_text

HALF = Interval(0.4, 0.6)


def test_equal_models_share_the_first_place() -> None:
    places = [Place(name, 0.5, HALF, 1.0) for name in ("resnet101", "stacking")]
    near = Place("multiclass", 0.45, HALF, 0.6)
    text = ranking_text.verdict("macro_f1", [*places, near], committed_set("PrivateTest"))
    assert text == (
        "By **macro-F1** on PrivateTest, **two models share first place** with 50.0\u00a0%: "
        "ResNet-101 and Stacking. Within chance of ResNet-101 (Holm-corrected): Multi-class CNN."
    )
    text = ranking_text.verdict("macro_f1", [places[0], near], committed_set("PrivateTest"))
    assert "**ResNet-101** leads with 50.0\u00a0% (40.0–60.0). Within chance of it" in text
