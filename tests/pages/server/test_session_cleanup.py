"""An image released by another visitor's click stays available for a while."""

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from pages.server.session_cleanup import DelayedMediaDeletion


def test_an_image_survives_the_rerun_that_shows_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.runtime.media_file_manager._get_session_id", lambda: "a")
    now = [0.0]
    storage = MemoryMediaFileStorage("/media")
    manager = MediaFileManager(storage)
    deletion = DelayedMediaDeletion(manager, 10, clock=lambda: now[0])

    def show() -> str:
        return manager.add(b"image", "image/jpeg", "element").rpartition("/")[2]

    name = show()
    manager.clear_session_refs("a")  # its page runs again …
    manager.remove_orphaned_files()  # … and another visitor's run ends
    deletion.purge()
    assert storage.get_file(name).content == b"image"
    assert show() == name
    now[0] = 100
    deletion.purge()
    assert storage.get_file(name).content == b"image"  # in use again

    manager.clear_session_refs("a")
    manager.remove_orphaned_files()
    now[0] = 109
    deletion.purge()
    assert storage.get_file(name)
    now[0] = 110
    deletion.purge()
    with pytest.raises(MediaFileStorageError):
        storage.get_file(name)
