"""Everything the app uses of Streamlit that is not public API.

`tests/pages/server/test_streamlit_internals.py` reports what a new Streamlit version has changed.
It also checks uses outside this module:

- `pages/style` and `pages.app.navigation` select elements by Streamlit's test ids and class names:
  stAlert, stApp, stButton, stButtonGroup, stCameraInput, stCaptionContainer, stCheckbox,
  stColumn, stDataFrame, stDownloadButton, stElementContainer, stElementToolbar,
  stExpandSidebarButton, stFileUploader, stFileUploaderDropzoneInstructions, stHeading,
  stHorizontalBlock, stHtml, stImage, stLayoutWrapper, stLinkButton, stMain, stMainBlockContainer,
  stMainMenuButton, stMarkdownContainer, stMarkdownPre, stMultiSelect, stPageLink, stPlotlyChart,
  stPopover, stProgress, stSelectbox, stSlider, stSliderThumbValue, stStatusWidget, stTopNav,
  stTopNavLink, stTopNavSection, stVerticalBlock.
- `pages.charts.heat_map.ClickableFigure` works around a value
  that Streamlit writes into every chart with selectable points.
- `pages.runtime.event_log` filters the logger `streamlit.error_util`.
"""

import logging
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Any, cast

from starlette.formparsers import MultiPartParser
from streamlit import logger as streamlit_logger
from streamlit import net_util, runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime, memory_media_file_storage
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.uploaded_file_manager import UploadedFile

#: Hash of the only inline script in Streamlit's page, for the Content Security Policy.
INLINE_SCRIPT_HASH = "sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA="
UPLOAD_PATH = "/_stcore/upload_file/"  # followed by session id and file id
#: An image or download of a session; group 1 is its name. Fonts are below /static/media/.
MEDIA_PATH = re.compile(r"(?<!/static)/media/(.*)$", re.DOTALL)
#: Header in which a middleware tells which browser connects; `server.trustedUserHeaders` of
#: .streamlit/config.toml makes Streamlit compare it before it resumes a session.
BROWSER_HEADER = "X-Fer-Browser"
#: What the app's pages send. Streamlit would also answer `load_git_info` (branch and file names of
#: the checkout), `clear_cache` (for everybody) and `set_run_on_save`.
ALLOWED_MESSAGES = frozenset(
    {
        "rerun_script",
        "stop_script",
        "file_urls_request",
        "app_heartbeat",
        "backend_operation_request",
    }
)
ALLOWED_OPERATIONS = frozenset({"deferred_file", "dataframe_chunk"})


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


def is_session_active(session: str) -> bool:
    """Whether the session's browser is connected."""
    return runtime.get_instance().is_active_session(session)


def rerun_session(session: str) -> None:
    """Rerun the page of a session, as after a code change, if its browser is connected."""
    app_session = runtime.get_instance().get_app_session(session)
    if app_session is not None:
        app_session.request_rerun(app_session._client_state)


def upload_session(path: str) -> str:
    """Id of the session that an upload with this path is for."""
    return path.partition(UPLOAD_PATH)[2].partition("/")[0]


def session_browser(session: str) -> str:
    """What `BROWSER_HEADER` said when a connected session began; empty if there is no such one."""
    app_session = runtime.get_instance().get_app_session(session)
    return str(app_session._user_info.get("browser") or "") if app_session is not None else ""


def uploaded_bytes(session: str | None = None) -> int:
    """Bytes of uploads, of all sessions or of one, that no page has taken over yet."""
    manager = cast(MemoryUploadedFileManager, runtime.get_instance().uploaded_file_mgr)
    if session is not None:
        return sum(len(file.data) for file in manager.file_storage.get(session, {}).copy().values())
    return sum(stat.byte_length for family in manager.get_stats().values() for stat in family)


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


def drop_upload(path: str, is_unwanted: Callable[[str, bytes], bool]) -> None:
    """Delete the upload with this path if `is_unwanted`, called with its name and content.

    Its page then gets a `DeletedFile`.
    """
    manager = cast(MemoryUploadedFileManager, runtime.get_instance().uploaded_file_mgr)
    session, _, file_id = path.partition(UPLOAD_PATH)[2].partition("/")
    file = manager.file_storage.get(session, {}).get(file_id)
    if file is not None and is_unwanted(file.name, file.data):
        manager.remove_file(session, file_id)


def end_disconnected_sessions() -> list[str]:
    """End sessions whose browser left at least `server.disconnectedSessionTTL` seconds ago.

    Returns:
        Their ids.
    """
    server: Any = runtime.get_instance()
    ended = []
    for session, session_info in server._session_mgr._session_storage._cache.expire():
        session_info.session.shutdown()
        # Frees the photos even if something still refers to the session.
        session_info.session.session_state.clear()
        ended.append(session)
    return ended


def on_disconnect(note: Callable[[str, str], None]) -> None:
    """Call `note` with a session's id and its browser whenever a browser has left."""
    save = MemorySessionStorage.save

    def noted(self: MemorySessionStorage, session_info: SessionInfo) -> None:
        session: Any = session_info.session
        note(session.id, str(session._user_info.get("browser") or ""))
        save(self, session_info)

    MemorySessionStorage.save = noted  # type: ignore[method-assign]


def filter_messages(refusal: Callable[[str, BackMsg], str | None]) -> None:
    """Drop messages that no page of the app sends, and those that `refusal` refuses.

    Args:
        refusal: Called with a session's id and its message; returns why the message is refused,
            which an upload field shows, or None.
    """
    handle = Runtime.handle_backmsg

    def filtered(self: Runtime, session_id: str, msg: BackMsg, **kwargs: Any) -> None:
        kind = msg.WhichOneof("type")
        if kind not in ALLOWED_MESSAGES:
            return
        operation = msg.backend_operation_request.WhichOneof("payload")
        if kind == "backend_operation_request" and operation not in ALLOWED_OPERATIONS:
            return
        reason = refusal(session_id, msg)
        if reason is None:
            handle(self, session_id, msg, **kwargs)
        elif kind == "file_urls_request":
            answer = ForwardMsg()
            answer.file_urls_response.response_id = msg.file_urls_request.request_id
            answer.file_urls_response.error_msg = reason
            app_session: Any = self.get_app_session(session_id)
            if app_session is not None:
                app_session._enqueue_forward_msg(answer)

    Runtime.handle_backmsg = filtered  # type: ignore[method-assign]


def name_media(new_id: Callable[[str, str, str], str]) -> None:
    """Let `new_id` choose the id, and so the address, of each image and download.

    Args:
        new_id: Called with Streamlit's id, the id of the session that shows the file, and what
            `BROWSER_HEADER` said when that session began; returns the id to use.
    """
    content_id = memory_media_file_storage._calculate_file_id
    execute_deferred = MediaFileManager.execute_deferred
    downloading: ContextVar[str] = ContextVar("session whose download is being made", default="")

    def named(data: bytes, mimetype: str, filename: str | None = None) -> str:
        file_id = content_id(data, mimetype, filename)
        context = get_script_run_ctx()
        session = context.session_id if context else downloading.get()
        return new_id(file_id, session, session_browser(session)) if session else file_id

    def execute(self: MediaFileManager, file_id: str) -> str:
        deferred = self._deferred_callables.get(file_id)
        downloading.set(deferred["session_id"] if deferred else "")
        return execute_deferred(self, file_id)

    memory_media_file_storage._calculate_file_id = named
    MediaFileManager.execute_deferred = execute  # type: ignore[method-assign]


def sessions() -> set[str]:
    """Ids of all sessions, those whose browser has left a moment ago included."""
    server: Any = runtime.get_instance()
    return {session_info.session.id for session_info in server._session_mgr.list_sessions()}


def is_history_navigation() -> bool:
    """Whether this run was started by the browser's "back" or "forward"."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def delete_media(file_id: str) -> None:
    """Delete an image or download at once, whether or not a session refers to it."""
    MemoryMediaFileStorage.delete_file(media_manager()._storage, file_id)


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


def pass_log_records_on() -> None:
    """Let loggers that Streamlit creates from now on use the root logger's handlers."""

    def setup_formatter(logger: logging.Logger) -> None:
        logger.propagate = True

    streamlit_logger.setup_formatter = setup_formatter
