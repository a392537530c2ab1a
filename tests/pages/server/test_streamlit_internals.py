"""The Streamlit internals that the app uses still exist."""

import base64
import hashlib
import inspect
import re
from pathlib import Path

import streamlit
import uvicorn
from starlette.formparsers import MultiPartParser
from streamlit import error_util, net_util
from streamlit.logger import get_logger
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime, memory_media_file_storage
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from pages.app import navigation
from pages.server import streamlit_internals
from pages.style import STYLES

STATIC = Path(streamlit.__file__).parent / "static"


def sets_attributes(kind: type, *names: str) -> bool:
    """Whether the class's `__init__` sets these attributes."""
    return set(names) <= set(kind.__init__.__code__.co_names)


def missing() -> list[str]:
    """Assumptions of `streamlit_internals` that no longer hold."""
    media = MediaFileManager(MemoryMediaFileStorage("/media"))
    rerun = inspect.signature(AppSession.request_rerun).parameters
    handled = list(inspect.signature(Runtime.handle_backmsg).parameters)
    executed = list(inspect.signature(MediaFileManager.execute_deferred).parameters)
    kinds = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    operation = BackMsg.DESCRIPTOR.fields_by_name["backend_operation_request"].message_type
    operations = {field.name for field in operation.oneofs_by_name["payload"].fields}
    uvicorn_options = set(inspect.signature(uvicorn.Config).parameters)
    checks = {
        "Runtime.get_app_session": hasattr(Runtime, "get_app_session"),
        "Runtime.is_active_session": hasattr(Runtime, "is_active_session"),
        "Runtime._session_mgr": sets_attributes(Runtime, "_session_mgr"),
        "WebsocketSessionManager._session_storage": sets_attributes(
            WebsocketSessionManager, "_session_storage"
        ),
        "MemorySessionStorage._cache.expire": hasattr(MemorySessionStorage()._cache, "expire"),
        "MemorySessionStorage.save(session_info)": list(
            inspect.signature(MemorySessionStorage.save).parameters
        )
        == ["self", "session_info"],
        "AppSession._client_state": sets_attributes(AppSession, "_client_state"),
        "AppSession.request_rerun(client_state)": list(rerun) == ["self", "client_state"],
        "AppSession.shutdown": hasattr(AppSession, "shutdown"),
        "AppSession._user_info": sets_attributes(AppSession, "_user_info"),
        "AppSession._enqueue_forward_msg": hasattr(AppSession, "_enqueue_forward_msg"),
        "Runtime.handle_backmsg(session_id, msg)": handled[:3] == ["self", "session_id", "msg"],
        "WebsocketSessionManager.list_sessions": hasattr(WebsocketSessionManager, "list_sessions"),
        "the kinds of messages": kinds >= streamlit_internals.ALLOWED_MESSAGES,
        "the kinds of operations": operations >= streamlit_internals.ALLOWED_OPERATIONS,
        "the name of media files": hasattr(memory_media_file_storage, "_calculate_file_id"),
        "MediaFileManager.execute_deferred(file_id)": executed == ["self", "file_id"],
        "MediaFileManager._deferred_callables": hasattr(media, "_deferred_callables"),
        "MemoryUploadedFileManager.file_storage": sets_attributes(
            MemoryUploadedFileManager, "file_storage"
        ),
        "uvicorn.Server.handle_exit": hasattr(uvicorn.Server, "handle_exit"),
        "uvicorn.Config": {"ws_max_size", "timeout_graceful_shutdown"} <= uvicorn_options,
        "logger.setup_formatter": "setup_formatter" in get_logger.__code__.co_names,
        "MediaFileManager._storage": hasattr(media, "_storage"),
        "MediaFileManager._lock": hasattr(media, "_lock"),
        "MediaFileManager._file_metadata": hasattr(media, "_file_metadata"),
        "MediaFileManager.remove_orphaned_files": hasattr(media, "remove_orphaned_files"),
        "MemoryMediaFileStorage.delete_file": hasattr(media._storage, "delete_file"),
        "MemoryUploadedFileManager.remove_file": hasattr(MemoryUploadedFileManager, "remove_file"),
        "MemoryUploadedFileManager.get_stats": hasattr(MemoryUploadedFileManager, "get_stats"),
        "UploadedFile.file_id": sets_attributes(UploadedFile, "file_id"),
        "net_util.get_external_ip": hasattr(net_util, "get_external_ip"),
        "MultiPartParser.spool_max_size": hasattr(MultiPartParser, "spool_max_size"),
        "logger streamlit.error_util": error_util.__name__ == "streamlit.error_util",
        "the one inline script": inline_scripts() == [streamlit_internals.INLINE_SCRIPT_HASH],
    }
    names = styled_elements()
    bundle = "".join(path.read_text() for path in STATIC.rglob("*.js"))
    checks |= {f"{name} in its pages": name in bundle for name in names}
    listed = streamlit_internals.__doc__ or ""
    checks |= {f"{name} in this list": name in listed for name in names}
    return [name for name, holds in checks.items() if not holds]


def inline_scripts() -> list[str]:
    page = (STATIC / "index.html").read_text()
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return [
        "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in scripts
    ]


def styled_elements() -> set[str]:
    """Streamlit's element names that the style sheets use."""
    files = [*STYLES.glob("*.css"), Path(navigation.__file__)]
    css = "".join(path.read_text(encoding="utf-8") for path in files)
    return {a or b for a, b in re.findall(r'data-testid="(\w+)"|\.(st[A-Z]\w+)', css)}


def test_streamlit_internals_are_as_the_app_assumes() -> None:
    assert len(styled_elements()) > 5
    assert not missing(), (
        f"Streamlit changed; check pages/server/streamlit_internals.py: {', '.join(missing())}"
    )


def test_no_other_module_uses_streamlit_internals() -> None:
    pages = Path(streamlit_internals.__file__).parents[1]
    allowed = {"streamlit_internals.py", "capacity.py"}  # capacity uses public functions only
    for path in pages.rglob("*.py"):
        if path.name not in allowed:
            uses = re.findall(
                r"streamlit(?:\.runtime|\.web| import (?:runtime|net_util))", path.read_text()
            )
            assert not uses, path
