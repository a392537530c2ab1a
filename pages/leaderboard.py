"""Leaderboard: every variant's numbers side by side, and a fair test between any two of them."""

import streamlit as st

from fer_core.errors import FerError, ResultsError
from fer_core.evaluation import leaderboard
from fer_core.evaluation.leaderboard import Row
from pages.charts import theme
from pages.ui import choose, entry, models
from pages.ui.leaderboard import board, duel, league


def read() -> list[Row]:
    """The rows that can be made, best first; what is wrong with others is said on the page."""
    rows = []
    for variant in choose.need_results():
        try:
            rows.append(leaderboard.row(variant, leaderboard.known_twins()))
        except ResultsError as error:
            st.warning(str(error))
    if not rows:
        st.stop()
    return leaderboard.ranked(rows)


entry.ensure()
st.title("Which model is best?", anchor=False)
ranked = read()
skill = leaderboard.no_skill_row(ranked[0].name, leaderboard.known_twins())
near = leaderboard.within_chance(ranked, "PrivateTest")

drawn, told = st.columns([3, 2], gap="large")
with told:
    st.markdown(board.verdict(ranked, near))
with drawn:
    st.plotly_chart(
        board.chart(ranked, near, skill.private.accuracy),
        key="accuracy",
        config=theme.STATIC,
        alt=board.alt(ranked, skill.private.accuracy),
    )
with told:
    st.markdown(board.notes(ranked))

st.header("All numbers", anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    split = choose.split()
    wanted = st.button("Measure the speed on this machine", icon=":material/speed:")
if wanted:
    models.measure_speed()
rows = leaderboard.ranked([*ranked, skill])
frame = league.table(rows, split, st.session_state.get("milliseconds", {}))
league.show(frame, split)
st.caption(
    f"Macro-F1, balanced accuracy, log loss and calibration error are those of **{split}**: "
    f"{choose.WHAT_SPLIT[split]} Click a column's head to sort, hover over it for what it means."
)
if missing := league.unevaluated(ranked):
    st.caption(f"Not evaluated yet: {missing}.")
st.download_button(
    "Download the table (CSV)",
    frame.to_csv(index=False),
    f"leaderboard-{split}.csv",
    "text/csv",
    icon=":material/download:",
    on_click="ignore",
)

st.header("Which of two?", anchor=False)
first, second = duel.choose(ranked)
if first == second:
    st.info("Choose two different models: one alone has nothing to be compared with.")
    st.stop()
try:
    found = leaderboard.paired(first.name, second.name, split)
except FerError as error:
    st.warning(str(error))
    st.stop()
text, picture = st.columns(2, gap="large")
with text:
    st.subheader(duel.headline(first, second, found), anchor=False)
    st.markdown(duel.in_words(first, second, found, split))
    st.caption(duel.caution(len(ranked), found))
with picture:
    st.plotly_chart(
        duel.chart(first, second, found),
        key="difference",
        config=theme.STATIC,
        alt=duel.alt(first, second, found),
    )
    st.html(duel.both(first, second, found, split))
    st.caption(f"Faces of {split}; the two in bold are what the test looks at.")
