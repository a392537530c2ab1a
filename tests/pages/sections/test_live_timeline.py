"""The part of the page Live that shows a recording."""

import html
import json
import time

import numpy as np
import pytest
from apptest import text_of
from hostile_names import NAMES
from portrait_films import ADMIRAL, ASTRONAUT, CAMERAMAN, MODELS, frame, portrait, recordings_of
from streamlit.testing.v1 import AppTest

from fer_core.emotions import EMOTIONS
from fer_core.video import summary
from fer_core.video.marks import MAX_NOTE, Mark
from pages.charts import timeline as chart
from pages.sections.live import lanes
from pages.sections.live.film import Film, read_faces
from pages.sections.live.marks import clean_note
from pages.sections.live.view import View
from pages.session.recordings import SESSION_KEY, Recordings
from pages.text.escape import escape

TWO_SECONDS = [i / 10 for i in range(21)]


def opened(recordings: Recordings, **query: str) -> AppTest:
    def page() -> None:
        from pages.sections.live.timeline_part import show_recordings

        show_recordings()

    app = AppTest.from_function(page, default_timeout=60)
    app.session_state[SESSION_KEY] = recordings
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def party() -> Recordings:
    """Two faces for 4 s; the second is gone for 2 s, and a third one crosses the first."""
    frames = []
    for i in range(41):
        faces = {1: ASTRONAUT if i < 20 else ADMIRAL}
        if not 10 <= i < 30:
            faces[2] = CAMERAMAN
        if i >= 35:
            faces[3] = ADMIRAL
        doubts = {2: "gone"} if i == 30 else {1: "crossed", 3: "crossed"} if i in (36, 37) else {}
        frames.append(frame(i / 10, faces, doubts))
    return recordings_of(frames)


def lanes_of(app: AppTest) -> dict:
    """Plotly's JSON of the chart with the lanes."""
    return json.loads(app.get("plotly_chart")[0].proto.spec)


def leading(name: str, model: str) -> str:
    return portrait(name).answers[model].emotion


def test_a_frame_may_be_added_while_the_chart_is_drawn() -> None:
    recording = recordings_of([frame(0.0, {1: ASTRONAUT})]).recordings[1]
    film = Film(recording, 1, read_faces(recording.timeline))
    recording.timeline.add(frame(1.0, {1: ASTRONAUT}))
    (lane,) = lanes.drawn_lanes(film, View("multiclass", True, 0.0, [1], (0.0, 1.0)))
    assert list(lane.times) == [0.0, 1.0]


def test_without_a_recording_it_is_said_what_will_be_here() -> None:
    app = opened(Recordings())
    assert "each face has a timeline here" in text_of(app)
    assert not app.get("plotly_chart")


def test_a_recording_without_any_face_is_said() -> None:
    app = opened(recordings_of([frame(t, {}) for t in (0.0, 0.1)]))
    assert "No face was found in 2 frames" in text_of(app)
    assert "No frame has been looked at yet" in text_of(opened(recordings_of([])))


@pytest.mark.parametrize("view", ["stacked", "lines"])
def test_one_frame_is_enough(view: str) -> None:
    app = opened(recordings_of([frame(3.0, {1: ASTRONAUT})]), view=view, smooth="1")
    text = text_of(app)
    assert "One frame has no duration" in text
    assert "At 3.0 s" in text


def test_each_face_has_a_lane_and_doubts_are_said() -> None:
    app = opened(party())
    layout = lanes_of(app)["layout"]
    titles = [each["text"] for each in layout["annotations"] if each["text"].startswith("<b>")]
    assert titles == [
        *(f"<b>Face {i}</b>" for i in (1, 2, 3)),
        "<b>Disagreement of the models, bits</b>",
    ]
    dashed = [each["x0"] for each in layout["shapes"] if each["line"]["dash"] == "dash"]
    assert dashed == [3.6, 3.0, 3.6], "one for each row of doubts"
    text = text_of(app)
    assert "From 3.0 s on, face 2 may be another person: it was not seen for a while." in text
    assert text.count("may be another person: it crossed another face.") == 2


def test_nothing_is_drawn_across_a_gap() -> None:
    times = np.array([0.0, 0.1, 0.2, 5.0, 5.1])
    rows = np.full((5, 7), 1 / 7)
    lane = chart.Lane("Face 1", times, rows, None, np.ones(5), 0.1)
    for is_stacked in (True, False):
        figure = chart.lanes([lane], [], (0.0, 5.1), is_stacked=is_stacked)
        x, y = np.array(figure.data[0].x), np.array(figure.data[0].y)
        inside = (x > 0.31) & (x < 4.99)
        assert not inside.any()
        ends = y[(x >= 0.2) & (x <= 5.0)]
        assert (ends == 0).sum() == 2 if is_stacked else np.isnan(ends).sum() == 2


def test_long_films_are_thinned_and_every_part_keeps_its_ends() -> None:
    times = np.concatenate([np.arange(30_000) / 10, [4000.0, 4000.1]])
    rows = np.full((len(times), 7), 1 / 7)
    lane = chart.Lane("Face 1", times, rows, None, np.ones(len(times)), 0.1)
    figure = chart.lanes([lane], [], (0.0, 4000.1), is_stacked=False)
    x = np.array(figure.data[0].x)
    assert len(x) < 1.1 * chart.MAX_POINTS
    assert {0.0, times[29_999], 4000.0, 4000.1} <= set(x)


def test_a_part_of_a_long_film_can_be_shown() -> None:
    long = [frame(float(t), {1: ASTRONAUT, 2: ADMIRAL}) for t in range(91)]
    recordings = recordings_of([frame(t, {1: ASTRONAUT}) for t in (0.0, 1.0)], long)
    recordings.recordings[2].marks += [Mark(25.0, "in it"), Mark(50.0, "later")]
    app = opened(recordings, part="20-30")
    layout = lanes_of(app)["layout"]
    assert layout["xaxis"]["range"] == [20, 30]
    assert "in it" in str(layout["annotations"])
    assert "later" not in str(layout["annotations"])
    app = app.selectbox(key="live-recording").set_value(1).run()
    assert lanes_of(app)["layout"]["xaxis"]["range"] == [0, 1]
    assert not app.warning
    assert "which this page lacks" in text_of(opened(recordings, part="30-20"))


def test_shares_are_those_of_the_library() -> None:
    recordings = party()
    app = opened(recordings, model="multiclass")
    table = next(e.proto.body for e in app.get("html") if "time-shares" in e.proto.body)
    shares = summary.shares(recordings.recordings[1].timeline.series(1, "multiclass"))
    for emotion in EMOTIONS:
        row = html.unescape(table.split(f">{emotion}<")[1])
        assert f"{shares[emotion] * 100:.0f}\u00a0%" in row[:30]
    assert "2.1 s" in table, "face 2 was there for 1 s and 1.1 s, and each part holds 0.1 s"


def test_smoothing_changes_the_view_and_nothing_else() -> None:
    recordings = recordings_of(
        [frame(t, {1: ASTRONAUT if i % 3 else ADMIRAL}) for i, t in enumerate(TWO_SECONDS)]
    )
    timeline = recordings.recordings[1].timeline
    before = timeline.probabilities("multiclass").copy()
    raw = opened(recordings, model="multiclass")
    smooth = opened(recordings, model="multiclass", smooth="2")
    assert lanes_of(raw)["data"][3]["y"] != lanes_of(smooth)["data"][3]["y"]
    assert len(smooth.dataframe[0].value) < len(raw.dataframe[0].value)
    np.testing.assert_array_equal(timeline.probabilities("multiclass"), before)
    shares = [
        next(e.proto.body for e in app.get("html") if "time-shares" in e.proto.body)
        for app in (raw, smooth)
    ]
    assert shares[0] == shares[1]


def test_the_moment_has_the_nearest_frame_and_all_models() -> None:
    app = opened(party(), t="2.04")
    text = text_of(app)
    assert "At 2.0 s" in text
    assert "**Face 1**" in text
    assert "**Face 2**" not in text, "it is gone"
    assert app.get("image")[0].proto.imgs[0].caption == "kept at 2.0 s"
    assert "The face is brighter than" in text
    for model in MODELS:
        assert leading(ADMIRAL, model) in text
    assert "Disagreement of the 2 models" in text


def test_a_model_that_was_asked_later_has_no_answer_before() -> None:
    recordings = recordings_of(
        [frame(t, {1: ASTRONAUT}, models=MODELS[: 1 + (t >= 1)]) for t in TWO_SECONDS]
    )
    assert "Disagreement of the" not in text_of(opened(recordings, t="0.5")).split("Marks")[0]
    assert "Disagreement of the 2" in text_of(opened(recordings, t="1.5"))


def test_faces_that_the_model_was_not_asked_about_are_no_error() -> None:
    """The six longest faces were there before the model was chosen."""
    many = dict.fromkeys(range(1, 8), ASTRONAUT)
    frames = [frame(t / 10, many, models=["multiclass"]) for t in range(3)]
    app = opened(recordings_of([*frames, frame(0.3, {8: ASTRONAUT})]), model="ferplus")
    assert "was not asked about these faces" in text_of(app)
    assert "0 stretches" in text_of(app)


def test_m_marks_this_moment_of_the_recording_that_runs() -> None:
    recordings = party()
    recordings.begin("camera", "Camera").timeline.add(frame(7.0, {1: ASTRONAUT}))
    recordings.recordings[2].last_frame = time.monotonic()
    app = opened(recordings, recording="1", t="1.5")
    app.button(key="live-add-mark").click().run()
    assert recordings.recordings[2].marks == [Mark(7.0, "")]
    assert not recordings.recordings[1].marks


def test_marks_are_added_changed_and_deleted() -> None:
    recordings = party()
    marks = recordings.recordings[1].marks
    app = opened(recordings, t="1.5")
    app.text_input(key="live-note").set_value("the  joke")
    app = app.button(key="live-add-mark").click().run()
    assert marks == [Mark(1.5, "the joke")]
    assert app.text_input(key="live-note").value == ""
    table = next(e.proto.body for e in app.get("html") if "plain marks" in e.proto.body)
    assert "1.5 s – 4.1 s" in table
    field = next(each for each in app.text_input if each.label == "Its note")
    app = field.set_value("the song").run()
    assert marks == [Mark(1.5, "the song")]
    app = app.button(key="live-delete-mark").click().run()
    assert not marks
    assert not app.exception


@pytest.mark.parametrize("kind", ["html", "markdown link", "maths", "arrows"])
def test_titles_and_notes_are_text(kind: str) -> None:
    title = NAMES[kind]
    recordings = recordings_of([frame(t, {1: ASTRONAUT}) for t in (0.0, 1.0)], title=title)
    recordings.recordings[1].marks.append(Mark(0.5, title))
    app = opened(recordings)
    layout = str(lanes_of(app)["layout"])
    assert "<script" not in layout
    assert "<img" not in layout
    table = next(e.proto.body for e in app.get("html") if "plain marks" in e.proto.body)
    assert html.escape(title) in table.replace("&#34;", "&quot;")
    assert app.markdown[0].value.startswith(f"**{escape(title)}**")


@pytest.mark.parametrize("note", NAMES.values(), ids=NAMES)
def test_a_note_is_one_line_that_can_be_shown(note: str) -> None:
    cleaned = clean_note(note)
    assert cleaned.isprintable()
    assert len(cleaned) <= MAX_NOTE


def test_only_the_faces_that_were_there_longest_have_a_lane() -> None:
    frames = [
        frame(i / 10, {track: ASTRONAUT for track in range(1, 9) if i >= 2 * (8 - track)})
        for i in range(30)
    ]
    app = opened(recordings_of(frames))
    assert app.multiselect(key="live-faces").value == [3, 4, 5, 6, 7, 8]
    app = app.multiselect(key="live-faces").set_value([1, 2]).run()
    titles = [each["text"] for each in lanes_of(app)["layout"]["annotations"]]
    assert "<b>Face 1</b>" in titles
    assert "<b>Face 8</b>" not in titles
    assert app.query_params["faces"] in ("1.2", ["1.2"])


def test_an_address_with_too_many_faces_gets_the_first_ones() -> None:
    faces = dict.fromkeys(range(1, 9), ASTRONAUT)
    app = opened(recordings_of([frame(0.0, faces), frame(0.1, faces)]), faces="8.7.6.5.4.3.2.1")
    titles = [each["text"] for each in lanes_of(app)["layout"]["annotations"]]
    assert [f"<b>Face {i}</b>" in titles for i in range(1, 9)] == [False] * 2 + [True] * 6


def test_a_link_to_a_moment_of_a_long_film_is_read_again() -> None:
    recordings = recordings_of([frame(t, {1: ASTRONAUT}) for t in (0.033, 600.0, 1234.5678)])
    app = opened(recordings, t="1234.568", part="0.5-1234.568")
    assert "This link asks" not in text_of(app)
    assert "At 20:34.6" in text_of(app)


def test_the_newest_recording_is_first_and_removing_it_leaves_the_other() -> None:
    one = [frame(t, {1: ASTRONAUT}) for t in (0.0, 1.0)]
    recordings = recordings_of(one, [*one, frame(2.0, {})])
    app = opened(recordings)
    assert "3 frames" in text_of(app)
    app = app.button(key="live-remove").click().run()
    assert list(recordings.recordings) == [1]
    assert "2 frames" in text_of(app)
    assert not app.exception


def test_a_recording_that_begins_is_shown_at_once() -> None:
    recordings = recordings_of([frame(0.0, {1: ASTRONAUT})], [frame(0.0, {1: ADMIRAL})])
    app = opened(recordings, recording="1")
    assert app.selectbox(key="live-recording").value == 1
    recordings.begin("camera", "Camera")
    app = app.run()
    assert app.selectbox(key="live-recording").value == 3
