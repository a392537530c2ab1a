"""Home."""

from pathlib import Path

import pytest
from apptest import PAGES, SurelyHappy, open_page, text_of
from blind_model import forget_disgust

from fer_core.artifacts import speed
from fer_core.evaluation import rankings
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.registry import MODELS
from fer_core.reports import benchmark
from pages.components import page_links


def test_home_shows_every_model_with_its_split() -> None:
    text = text_of(open_page("pages/home.py"))
    for model in MODELS.values():
        assert model.title in text
    assert "PrivateTest" in text
    assert "**Seven of nine models cannot be told apart**" in text
    assert "chance, p = 0.531" in text  # fear's yes/no model beside always “no”
    assert "baseline 25.8" in text


@pytest.mark.usefixtures("untrained")
def test_home_calls_untrained_what_is_untrained() -> None:
    assert text_of(open_page("pages/home.py")).count("not trained yet") == len(MODELS)


def test_home_measures_speed_on_request(monkeypatch: pytest.MonkeyPatch, trained: None) -> None:
    monkeypatch.setattr(benchmark, "load", lambda *_: SurelyHappy())
    app = open_page("pages/home.py")
    text = text_of(app)
    assert f"on {speed.load_speed().device}" in text
    assert text.count(" ms</div>") == len(MODELS)  # the committed measurement
    [button] = [button for button in app.button if "speed" in button.label]
    text = text_of(button.click().run())
    assert text.count(" ms</div>") == len(MODELS)
    assert "on this machine, just now" in text


def test_home_leads_to_every_page() -> None:
    """Classify has a button of its own."""
    asked = {page.file: page.question for page in page_links.PAGES.values() if page.question}
    assert set(asked) == set(PAGES) - {"pages/home.py", "pages/classify.py"}
    shown = [link.proto.label for link in open_page("pages/home.py").get("page_link")]
    assert [label for label in shown if label in asked.values()] == list(asked.values())
    assert "the law" in shown[-1]  # from “Before you use it”


def test_the_cards_say_which_model_is_fast_enough_and_what_accuracy_hides(
    copied_results: Path,
) -> None:
    first = rankings.ranking(committed_set("PrivateTest"), "accuracy", tuple(MODELS))[0]
    assert f"times as fast as {MODELS[first.name].title}** (" in text_of(open_page("pages/home.py"))
    forget_disgust(copied_results, "efficientnet_b5")
    text = text_of(open_page("pages/home.py"))
    assert "matches in accuracy, but finds only" in text
    assert text.count("<b>86.41\u00a0%</b>") == 2  # the study's model, and always “no”
