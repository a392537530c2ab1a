"""Labelled photos: upload, reading, labels to confirm, and the work of the models."""

from collections.abc import Callable
from functools import partial

import numpy as np
import streamlit as st

from fer_core.artifacts import weights_file
from fer_core.errors import FerError
from fer_core.imaging.unsupported import SUPPORTED_FORMATS
from fer_core.registry import MODELS
from fer_core.text import counted
from pages.components import address, photo_sources
from pages.runtime.event_log import log_event, timer
from pages.runtime.work_queue import QUEUE
from pages.sections.test_set import labels, names
from pages.server import streamlit_internals
from pages.session import current_draft, set_draft
from pages.session.current_draft import draft
from pages.session.progress import Progress
from pages.session.set_draft import SetDraft
from pages.text.escape import escape, escape_sentence

KEY = "set-files"
KINDS = {"folder": "A folder", "files": "Photos, a table or a .zip file"}
FACES = {"find": "Find the face", "cropped": "Each photo is a cropped face"}
MAX_PROBLEMS = 5


def show() -> None:
    """The state of the draft: nothing yet, reading, labels to confirm, or models at work."""
    current = draft()
    current.is_open = True
    _upload(current)
    for sentence in current.problems[:MAX_PROBLEMS]:
        st.warning(escape_sentence(sentence))
    if len(current.problems) > MAX_PROBLEMS:
        st.caption(f"And {len(current.problems) - MAX_PROBLEMS:,} more messages.")
    if current.builder is not None:
        _ask(current)
    elif current.inbox:
        _read(current)
    elif current.photos:
        _confirm(current)
    elif current.table is not None:
        st.info(f"The table {escape(current.table[0])} is here; now add its photos.")
        st.button("Discard", on_click=current_draft.discard, key="discard-table")


def _upload(current: SetDraft) -> None:
    if current.builder is not None:
        return
    kind = address.choose_title("From", KINDS, "from")
    round_ = st.session_state.setdefault(f"{KEY}-round", 0)
    key = f"{KEY}-{kind}-{round_}"
    st.file_uploader(
        f"A folder with one folder per emotion ({SUPPORTED_FORMATS})"
        if kind == "folder"
        else f"Photos with a table of labels, or a .zip file of folders ({SUPPORTED_FORMATS})",
        accept_multiple_files="directory" if kind == "folder" else True,
        key=key,
        on_change=_receive,
        args=(key,),
        max_upload_size=photo_sources.WIDGET_LIMIT_MB,
    )
    if not current.photos and not current.inbox:
        st.caption(
            "In a folder, the nearest folder named after an emotion is a photo's label, also in "
            "other words: `anger`, `Happiness`, `0_sad`. A table (.csv, .tsv, .jsonl) has the "
            "columns `file` and `label`, and may have `group` and `split`. Of each photo only the "
            "largest face is kept, 48×48 grey pixels, in memory until you leave. Up to "
            f"{set_draft.MAX_PHOTOS:,} photos; the command line takes more."
        )
        st.caption(photo_sources.PRIVACY_NOTICE)


def _receive(key: str) -> None:
    value = st.session_state[key] or []
    files = streamlit_internals.take_uploads(value)
    draft().receive(sorted(files, key=lambda file: file[0]))  # browsers send them in any order
    if value:
        st.session_state[f"{KEY}-round"] += 1


def _queued(show_message: Callable[[int], None], task: Callable[[], None]) -> None:
    QUEUE.run(task, show_message)


def _read(current: SetDraft) -> None:
    """Find the faces of the photos that wait; a visitor can stop and go on."""
    if current.is_reading_paused:
        _paused(f"{counted(len(current.inbox), 'photo')} not read yet.", _read_on)
        return
    total = len(current.inbox)
    progress = Progress("set-reading", total, "Stop here", _stop_reading)
    while current.inbox:
        message = f"Finding faces: photo {total - len(current.inbox) + 1:,} of {total:,}"
        progress.show(message)
        try:
            with timer() as clock:
                photo = current.read_next(partial(_queued, partial(progress.show, message)))
        except FerError as error:  # of the detector: no photo can be read
            progress.close()
            st.error(escape_sentence(str(error)))
            return
        progress.step()
        if photo is not None:
            faces, refused = len(photo.faces), photo.error is not None
            log_event("photo", ms=clock.ms, faces=faces, refused=refused)
    progress.close()
    st.rerun()


def _confirm(current: SetDraft) -> None:
    """The labels and settings, and the button that begins the work."""
    read = counted(len(current.photos), "photo")
    st.markdown(f"**{read} read.** What do the labels mean?")
    choice = labels.confirm(current)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        title = st.text_input(
            "Name of the set", "My faces", key="set-title", max_chars=60, persist_state="session"
        )
        cropped = address.choose_title("Faces", FACES, "crop") == "cropped"
    ready = [name for name, model in MODELS.items() if weights_file.is_ready(model)]
    model_names = st.pills(
        "Models",
        ready,
        selection_mode="multi",
        default=ready,
        format_func=lambda name: MODELS[name].title,
        key="set-models",
        persist_state="session",
    )
    if not cropped:
        labels.show_faces(current)
    with st.container(horizontal=True):
        begin = st.button(
            "Evaluate" if choice is None else f"Evaluate {counted(choice.faces, 'photo')}",
            type="primary",
            disabled=choice is None or not choice.faces or not model_names,
            key="set-begin",
        )
        st.button(
            "Discard", icon=":material/delete:", on_click=current_draft.discard, key="discard-set"
        )
    if begin and choice is not None:
        current.begin(
            choice.labelled,
            choice.vocabulary,
            model_names,
            title.strip() or "My faces",
            is_cropped=cropped,
        )
        st.rerun()


def _ask(current: SetDraft) -> None:
    """Let the models answer; at the end the set is added to the session."""
    if current.is_paused:
        _paused(f"{counted(len(current.waiting), 'photo')} still without answers.", _go_on)
        st.button("Change the labels", on_click=_reconsider, key="reconsider-paused")
        return
    builder = current.builder
    assert builder is not None
    done = current.total - len(current.waiting)
    progress = Progress("set-asking", current.total, "Stop here", _stop)
    progress.step(done)
    try:
        while current.waiting:
            done = current.total - len(current.waiting)
            models = counted(len(current.model_names), "model")
            message = f"Asking {models}: photo {done + 1:,} of {current.total:,}"
            progress.show(message)
            with timer() as clock:
                count = current.ask_next(partial(_queued, partial(progress.show, message)))
            progress.step(count)
            log_event("answer", ms=clock.ms, faces=count, models=len(current.model_names))
        if current.builder is not builder:
            return  # another session has taken over after a reload
        evaluated = builder.build("own", title=current.title, notes=current.notes)
    except FerError as error:
        progress.close()
        st.error(escape_sentence(str(error)))
        st.button("Change the labels", on_click=_reconsider, key="reconsider")
        return
    progress.close()
    names.add(evaluated, np.array(builder.chips, np.uint8), np.array(builder.sides))
    current_draft.discard()
    st.rerun()


def _paused(sentence: str, go_on: Callable[[], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{sentence}**")
        st.button("Go on", on_click=go_on, type="primary", key="set-go-on")
        st.button("Discard", on_click=current_draft.discard, key="discard-paused-set")


def _stop_reading() -> None:
    draft().is_reading_paused = True


def _read_on() -> None:
    draft().is_reading_paused = False


def _stop() -> None:
    draft().is_paused = True


def _go_on() -> None:
    draft().is_paused = False


def _reconsider() -> None:
    current = draft()
    current.builder, current.is_paused = None, False
