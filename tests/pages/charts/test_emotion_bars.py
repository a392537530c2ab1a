"""Bars of seven scores: which number belongs to what."""

from fer_core.emotions import EMOTIONS
from pages.charts import emotion_bars


def test_a_score_stands_with_its_bar_and_a_threshold_at_the_end_of_the_row() -> None:
    scores = {name: i / 10 for i, name in enumerate(EMOTIONS)}
    thresholds = dict.fromkeys(EMOTIONS, 0.25)
    figure = emotion_bars.yes_no_bars(scores, thresholds)
    assert figure.layout.yaxis.ticktext[:3] == (
        "angry 0\u00a0%",
        "disgust 10\u00a0%",
        "fear 20\u00a0%",
    )
    texts = figure.data[1]
    assert set(texts.text) == {"from 25\u00a0%"}
    assert min(texts.x) > 1, "beyond every bar and every tick"
    assert {shape.x0 for shape in figure.layout.shapes} == {0.25}
    assert figure.data[0].marker.opacity == (0.4, 0.4, 0.4, 1, 1, 1, 1)


def test_all_shares_have_one_scale() -> None:
    small, large = (dict.fromkeys(EMOTIONS, share) for share in (0.02, 0.95))
    counts = dict.fromkeys(EMOTIONS, 100)
    charts = [
        chart(shares)
        for shares in (small, large)
        for chart in (emotion_bars.bars, lambda shares: emotion_bars.share_bars(shares, counts))
    ]
    for chart in charts:
        assert chart.layout.xaxis.tickvals == (0, 0.5, 1)
        assert chart.layout.xaxis.ticktext[-1] == "100\u00a0%"
    assert charts[0].layout.xaxis.range == charts[2].layout.xaxis.range
    assert charts[1].layout.xaxis.range == charts[3].layout.xaxis.range
