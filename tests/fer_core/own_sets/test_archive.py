"""Labelled photos in a .zip file."""

import io
import pickle
import zipfile
from pathlib import Path

import pytest

from fer_core.errors import UsageError
from fer_core.own_sets import archive
from fer_core.own_sets.archive import PhotoArchive
from fer_core.own_sets.collect import collect
from fer_core.own_sets.labels import Vocabulary


def zipped(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return content.getvalue()


def test_photos_are_read_lazily_and_the_rest_is_counted() -> None:
    opened = PhotoArchive(
        zipped(
            {
                "set/happy/a.jpg": b"first",
                "set/sad/b.PNG": b"second",
                "set/happy/.hidden.jpg": b"",
                "__MACOSX/set/happy/._a.jpg": b"",
                "../../happy/escape.jpg": b"",
                "/etc/happy/absolute.jpg": b"",
                "C:/happy/drive.jpg": b"",
                "set/readme.txt": b"",
            }
        ),
        "faces.zip",
    )
    assert [(photo.name, photo.read()) for photo in opened.photos] == [
        ("set/happy/a.jpg", b"first"),
        ("set/sad/b.PNG", b"second"),
    ]
    assert [note.partition(" ")[0] for note in opened.notes] == ["3", "1"]
    labelled = collect([], Vocabulary(), archives=[opened])
    assert labelled.labels() == ["happy", "sad"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_that_are_none_and_names_that_occur_twice_are_counted() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, data in ((".", b""), ("sad/a.jpg", b"old"), ("sad/a.jpg", b"new")):
            file.writestr(name, data)
    opened = PhotoArchive(content.getvalue(), "faces.zip")
    assert [photo.read() for photo in opened.photos] == [b"new"]
    assert opened.notes == [
        "1 file in faces.zip left out: their paths lead out of the archive.",
        "1 file in faces.zip left out: a later file has the same name.",
    ]


def test_a_table_in_the_archive_has_the_labels() -> None:
    members = {"p/1.jpg": b"", "p/2.jpg": b"", "p/labels.csv": b"file,label\n1.jpg,joy\n2.jpg,x"}
    opened = PhotoArchive(zipped(members))
    assert collect([], Vocabulary(), archives=[opened]).labels() == ["joy", "x"]
    two = PhotoArchive(zipped(members | {"p/more.csv": b"file,label\n1.jpg,sad\n"}))
    with pytest.raises(UsageError, match=r"more\.csv"):
        collect([], Vocabulary(), archives=[two])
    other = PhotoArchive(zipped({"sad/1.jpg": b"", "about.csv": b"x,y\n1,2\n"}))
    labelled = collect([], Vocabulary(), archives=[other])
    assert labelled.labels() == ["sad"]
    assert "about.csv" in labelled.notes[-1]


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"no archive", zipped({"a": b""})[:-9]],
    ids=[
        "empty",
        "beginning",
        "text",
        "without its end",
    ],  # an archive holds the time of its making
)
def test_what_is_no_archive_is_a_usage_error(content: bytes) -> None:
    with pytest.raises(UsageError, match=r"faces\.zip"):
        PhotoArchive(content, "faces.zip")


def test_encrypted_and_damaged_members_break_nothing() -> None:
    content = bytearray(zipped({"sad/1.jpg": b"x" * 100, "sad/2.jpg": b"y" * 100}))
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    content[second + 8] |= 1  # encrypted, says the directory
    content[40] ^= 0xFF  # in the first member's data
    opened = PhotoArchive(bytes(content))
    [photo] = opened.photos
    with pytest.raises(OSError, match="damaged"):
        photo.read()
    assert "encrypted" in opened.notes[0]


def test_bombs_are_refused_or_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    content = zipped({f"sad/{i}.jpg": bytes(1000) for i in range(4)})
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 3999)
    with pytest.raises(UsageError, match="unpack"):
        PhotoArchive(content)
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 4000)
    assert len(PhotoArchive(content).read("sad/0.jpg", 10)) == 10
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    with pytest.raises(UsageError, match="4 files"):
        PhotoArchive(content)


def test_a_worker_process_opens_the_archive_itself(tmp_path: Path) -> None:
    path = tmp_path / "faces.zip"
    path.write_bytes(zipped({"sad/1.jpg": b"content"}))
    [photo] = pickle.loads(pickle.dumps(PhotoArchive(path).photos))
    assert photo.read() == b"content"
    assert photo.stamp().size == 7
