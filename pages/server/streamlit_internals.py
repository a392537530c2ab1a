"""Everything the app uses of Streamlit that Streamlit doesn't promise to keep.

`tests/pages/server/test_streamlit_internals.py` names what a new version has changed. What lies
elsewhere, because it belongs to no server, it checks too:

- `pages/style` styles elements by Streamlit's own names: stButtonGroup, stCaptionContainer,
  stColumn, stElementToolbar, stFileUploaderDropzoneInstructions, stHeading, stMain,
  stMarkdownContainer, stMarkdownPre, stPlotlyChart, stSliderThumbValue, stTopNavLink.
- `pages.charts.heat_map.ClickableFigure` goes around a word that Streamlit writes into each chart whose
  points can be selected.
- `pages.runtime.event_log` filters the logger `streamlit.error_util`.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, cast

from starlette.formparsers import MultiPartParser
from streamlit import net_util, runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.stats import CacheStat
from streamlit.runtime.uploaded_file_manager import UploadedFile

#: The one script that stands in Streamlit's own page, as a Content Security Policy names it.
INLINE_SCRIPT_HASH = "sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA="
UPLOAD_PATH = "/_stcore/upload_file/"  # below it, session and file
MEDIA_PATH = "/media/"  # below it pictures and downloads


def keep_uploads_in_memory() -> None:
    """Left alone, the web server (Starlette) writes an upload of more than 1 MB into a temporary
    file. 0 means never; how large an upload may be is set in .streamlit/config.toml."""
    MultiPartParser.spool_max_size = 0


def disable_address_lookup() -> None:
    """Asked by a page of a foreign site, Streamlit would look up this machine's address on the
    internet to see whether it is its own; `browser.serverAddress` says what else is."""
    net_util.get_external_ip = lambda: None


def session_id() -> str:
    """Of the session whose page is running; empty outside the app."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def is_session_active(session: str) -> bool:
    """Whether the session's browser is there."""
    return runtime.get_instance().is_active_session(session)


def rerun_session(session: str) -> None:
    """Has the page of a session run again, as after a change of the code, if its browser is
    there."""
    found = runtime.get_instance().get_app_session(session)
    if found is not None:
        found.request_rerun(found._client_state)


def uploaded_bytes() -> int:
    """Bytes of uploads that no page has taken out yet."""
    stats = runtime.get_instance().uploaded_file_mgr.get_stats().values()
    return sum(stat.byte_length for family in stats for stat in cast(list[CacheStat], family))


def take_uploads(files: Sequence[Any]) -> list[tuple[str, bytes]]:
    """Names and contents of an upload widget's files, which Streamlit then forgets. Left alone, it
    would keep its own copies, as they came, until the session ends.

    A slow browser may send a widget's files once more, together with new ones: those that were
    taken before stand there as Streamlit's `DeletedFile`, and are left out.
    """
    here = [file for file in files if isinstance(file, UploadedFile)]
    taken = [(file.name, file.getvalue()) for file in here]
    if (context := get_script_run_ctx()) is not None:
        manager = cast(MemoryUploadedFileManager, context.uploaded_file_mgr)
        for file in here:
            manager.remove_file(context.session_id, file.file_id)
    return taken


def end_disconnected_sessions() -> None:
    """Ends sessions whose browsers left `server.disconnectedSessionTTL` seconds ago."""
    server: Any = runtime.get_instance()
    for _, left in server._session_mgr._session_storage._cache.expire():
        left.session.shutdown()
        left.session.session_state.clear()  # photos, should anything still hold the session


class MediaFiles:
    """Pictures and downloads as `manager`, Streamlit's media file manager, keeps them.

    Where it would delete one, it calls `deleting` with the file's id instead, `lock` held.
    """

    def __init__(self, manager: Any, deleting: Callable[[str], None]) -> None:
        self._manager = manager
        self.delete: Callable[[str], None] = manager._storage.delete_file
        manager._storage.delete_file = deleting

    @property
    def lock(self) -> AbstractContextManager[Any]:
        lock: AbstractContextManager[Any] = self._manager._lock
        return lock

    def in_use(self, file_id: str) -> bool:
        """Whether a session refers to that file; to be asked with `lock` held."""
        return file_id in self._manager._file_metadata


def media_manager() -> Any:
    """Streamlit's media file manager."""
    return runtime.get_instance().media_file_mgr
