"""Everything the app uses of Streamlit that is not public API.

`tests/pages/server/test_streamlit_internals.py` reports what a new Streamlit version has changed.
It also checks uses outside this module:

- `pages/style` selects elements by Streamlit's test ids and class names: stButtonGroup,
  stCaptionContainer, stColumn, stElementToolbar, stFileUploaderDropzoneInstructions, stHeading,
  stMain, stMarkdownContainer, stMarkdownPre, stPlotlyChart, stSliderThumbValue, stTopNavLink.
- `pages.charts.heat_map.ClickableFigure` works around a value
  that Streamlit writes into every chart with selectable points.
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

#: Hash of the only inline script in Streamlit's page, for the Content Security Policy.
INLINE_SCRIPT_HASH = "sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA="
UPLOAD_PATH = "/_stcore/upload_file/"  # followed by session id and file id
MEDIA_PATH = "/media/"  # followed by an image or download


def keep_uploads_in_memory() -> None:
    """Keep Starlette from writing uploads of more than 1 MB to temporary files.

    0 disables this; .streamlit/config.toml limits the size of an upload.
    """
    MultiPartParser.spool_max_size = 0


def disable_address_lookup() -> None:
    """Keep Streamlit from looking up this machine's public address on the internet.

    It would do so to check the origin of cross-site requests; `browser.serverAddress` names the
    allowed address instead.
    """
    net_util.get_external_ip = lambda: None


def session_id() -> str:
    """Id of the session whose page is running; empty outside the app."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def is_session_active(session: str) -> bool:
    """Whether the session's browser is connected."""
    return runtime.get_instance().is_active_session(session)


def rerun_session(session: str) -> None:
    """Rerun the page of a session, as after a code change, if its browser is connected."""
    app_session = runtime.get_instance().get_app_session(session)
    if app_session is not None:
        app_session.request_rerun(app_session._client_state)


def uploaded_bytes() -> int:
    """Bytes of uploads that no page has taken over yet."""
    stats = runtime.get_instance().uploaded_file_mgr.get_stats().values()
    return sum(stat.byte_length for family in stats for stat in cast(list[CacheStat], family))


def take_uploads(files: Sequence[Any]) -> list[tuple[str, bytes]]:
    """Return names and contents of an upload widget's files and delete Streamlit's copies.

    Streamlit would keep its copies, metadata included, until the session ends. A slow browser may
    list files again together with new ones; Streamlit represents those already taken as
    `DeletedFile`, and they are skipped.
    """
    uploaded = [file for file in files if isinstance(file, UploadedFile)]
    contents = [(file.name, file.getvalue()) for file in uploaded]
    if (context := get_script_run_ctx()) is not None:
        manager = cast(MemoryUploadedFileManager, context.uploaded_file_mgr)
        for file in uploaded:
            manager.remove_file(context.session_id, file.file_id)
    return contents


def end_disconnected_sessions() -> None:
    """End sessions whose browser left at least `server.disconnectedSessionTTL` seconds ago."""
    server: Any = runtime.get_instance()
    for _, session_info in server._session_mgr._session_storage._cache.expire():
        session_info.session.shutdown()
        # Frees the photos even if something still refers to the session.
        session_info.session.session_state.clear()


class MediaFiles:
    """The images and downloads held by `manager`, Streamlit's media file manager.

    Instead of deleting a file, the manager calls `on_delete` with its id, holding `lock`.
    """

    def __init__(self, manager: Any, on_delete: Callable[[str], None]) -> None:
        self._manager = manager
        self.delete: Callable[[str], None] = manager._storage.delete_file
        manager._storage.delete_file = on_delete

    @property
    def lock(self) -> AbstractContextManager[Any]:
        lock: AbstractContextManager[Any] = self._manager._lock
        return lock

    def in_use(self, file_id: str) -> bool:
        """Whether a session refers to this file; the caller must hold `lock`."""
        return file_id in self._manager._file_metadata


def media_manager() -> Any:
    """Streamlit's media file manager."""
    return runtime.get_instance().media_file_mgr
