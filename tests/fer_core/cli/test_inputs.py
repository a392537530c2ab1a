"""The photos that the arguments of a command stand for."""

import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from fer_core.cli.inputs import STDIN_NAME, find_photos, listed_paths
from fer_core.errors import FerError
from fer_core.imaging.decode import MAX_BYTES

on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="needs file names of any bytes, links and pipes"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "album").mkdir()
    return Path("album")


def names(*arguments: object) -> list[str]:
    return [Path(file.name).name for file in find_photos([str(a) for a in arguments])]


def test_photos_of_a_folder_by_their_extensions(folder: Path) -> None:
    photos = ["a.jpg", "b.JPEG", "c.jfif", "d.jpe", "e.pjpeg", "f.HEIC", "g.avif", "h.tif", "i.jxl"]
    for name in (*photos, "notes.txt", "film.mp4", "no extension", "._a.jpg", ".DS_Store"):
        (folder / name).touch()
    for hidden in ("__MACOSX", ".thumbnails"):
        (folder / hidden).mkdir()
    (folder / "__MACOSX/._a.jpg").touch()
    (folder / ".thumbnails/a.jpg").touch()
    (folder / "an album.jpg").mkdir()
    (folder / "an album.jpg/z.png").touch()
    assert names("album") == ["a.jpg", "z.png", *photos[1:]]
    assert all(file.error is None for file in find_photos(["album"]))


def test_a_named_file_is_read_whatever_it_is_called(folder: Path) -> None:
    (folder / "._a.jpg").write_bytes(b"1")
    [file] = find_photos(["album/._a.jpg"])
    assert (file.name, file.read()) == (str(folder / "._a.jpg"), b"1")


def test_a_folder_without_photos_is_an_error(folder: Path) -> None:
    (folder / "notes.txt").touch()
    [file] = find_photos(["album"])
    assert (file.name, file.error) == ("album", "There is no photo in this folder.")


def test_a_folder_that_cannot_be_listed_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "locked").mkdir()
    (folder / "a.jpg").touch()
    scandir = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    photo, locked = find_photos(["album"])
    assert photo.error is None
    assert locked.name == str(folder / "locked")
    assert locked.error == "The folder cannot be listed: Permission denied."


@on_linux
def test_linked_folders_are_followed_once(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.jpg").touch()
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    (folder / "loop").symlink_to(tmp_path / "album")
    (folder / "broken.jpg").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.jpg")  # reading it would block
    assert names("album") == ["broken.jpg", "a.jpg"]


def test_patterns_are_expanded_where_the_shell_does_not(folder: Path) -> None:
    for name in ("b.jpg", "a.jpg", "[1].jpg", "1.jpg", ".hidden.jpg", "notes.txt"):
        (folder / name).touch()
    assert names("album/*.jpg") == ["1.jpg", "[1].jpg", "a.jpg", "b.jpg"]
    assert names("album/[1]*") == ["[1].jpg"]
    assert names("al*") == names("album")
    (folder / "what?.jpg").touch()
    assert names("album/what?.jpg") == ["what?.jpg"]
    [file] = find_photos(["album/*.png"])
    assert file.error == "No file matches this pattern."


def test_each_photo_is_read_once(folder: Path) -> None:
    (folder / "a.jpg").touch()
    assert names("album/a.jpg", "album", "./album/a.jpg") == ["a.jpg"]


@on_linux
def test_different_files_have_different_names(folder: Path) -> None:
    for name in (b"\xff.jpg", b"\xfe.jpg"):
        (Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).touch()
    assert names("album") == ["\N{REPLACEMENT CHARACTER}.jpg", "\N{REPLACEMENT CHARACTER}.jpg (2)"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    [file] = find_photos(["-", "-"])
    assert file.name == STDIN_NAME
    stream = io.BytesIO(bytes(MAX_BYTES + 5))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stream))
    assert len(file.read()) == MAX_BYTES + 1
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(OSError, match="standard input is closed"):
        file.read()
    Path("-").write_bytes(b"a file")
    [file] = find_photos(["./-"])
    assert file.read() == b"a file"


@pytest.mark.parametrize(
    "content", [b"a b.jpg\r\n\nc.jpg\n", b"\xef\xbb\xbfa b.jpg\nc.jpg", b"a b.jpg\0c.jpg\0"]
)
def test_a_list_has_one_path_a_line_or_is_separated_by_nul(folder: Path, content: bytes) -> None:
    Path("list.txt").write_bytes(content)
    assert listed_paths("list.txt") == ["a b.jpg", "c.jpg"]


def test_a_list_from_standard_input(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"album/\n")))
    assert listed_paths("-") == ["album/"]


def test_a_list_that_is_not_there_is_one_sentence(folder: Path) -> None:
    with pytest.raises(FerError, match=r"^list.txt cannot be read: .*\.$"):
        listed_paths("list.txt")
