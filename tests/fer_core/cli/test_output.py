"""Outputs are opened before any work, never over a file unless forced, and hold whole pieces."""

import sys
from pathlib import Path

import pytest

from fer_core.cli.output import OutputFile, prepare_folder
from fer_core.errors import FerError, UsageError


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"photo")
    return path


def write(path: object, *pieces: bytes, inputs: tuple[Path, ...] = (), force: bool = False) -> None:
    with OutputFile(str(path), inputs, force) as output:
        for piece in pieces:
            output.write(piece)


def test_pieces_are_in_the_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with OutputFile(str(path)) as output:
        assert path.exists()
        output.write(b"one\n")
        assert path.read_bytes() == b"one\n"
        output.write(b"two\n")
    assert path.read_bytes() == b"one\ntwo\n"


@pytest.mark.parametrize("kind", ["itself", "other spelling", "symbolic link", "hard link"])
def test_an_input_is_never_overwritten(kind: str, tmp_path: Path, photo: Path) -> None:
    other = tmp_path / "out.csv"
    if kind == "itself":
        other = photo
    elif kind == "other spelling":
        other = tmp_path / ".." / tmp_path.name / "a.jpg"
    elif kind == "symbolic link":
        other.symlink_to(photo)
    else:
        other.hardlink_to(photo)
    with pytest.raises(UsageError, match="is one of the inputs and would be overwritten"):
        write(other, b"x", inputs=(tmp_path / "missing.jpg", photo), force=True)
    assert photo.read_bytes() == b"photo"


@pytest.mark.parametrize("name", ["a.jpg", "B.HEIC", "notes.txt"])
def test_an_existing_file_is_kept_unless_forced(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"mine, and long")
    with pytest.raises(UsageError, match="would be overwritten: name another file, or add --force"):
        write(path, b"x")
    assert path.read_bytes() == b"mine, and long"
    write(path, force=True)
    assert path.read_bytes() == b"mine, and long", "nothing was written instead"
    write(path, b"new", force=True)
    assert path.read_bytes() == b"new"


def test_an_empty_file_may_be_written(tmp_path: Path) -> None:
    path = tmp_path / "made by mktemp"
    path.touch()
    write(path, b"x")
    assert path.read_bytes() == b"x"


def test_nothing_written_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), OutputFile(str(tmp_path / "a.png")):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [".", "no folder/a.csv", "a.jpg/b.csv", "x" * 300])
def test_what_cannot_be_opened_is_one_sentence(name: str, tmp_path: Path, photo: Path) -> None:
    path = tmp_path / name
    with pytest.raises(FerError, match=r"cannot be written: .*\.$"), OutputFile(str(path)):
        pytest.fail("the work has begun")


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_no_part_of_a_piece_stays(
    failure: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    with OutputFile(str(path)) as output:
        output.write(b"one\n")
        stream = output._stream

        class Full:
            """Writes two bytes, then fails."""

            fileno = stream.fileno

            def write(self, content: memoryview) -> int:
                if len(content) == 4:
                    return stream.write(content[:2])
                raise failure

        monkeypatch.setattr(output, "_stream", Full())
        expected = FerError if isinstance(failure, OSError) else KeyboardInterrupt
        with pytest.raises(expected):
            output.write(b"two\n")
        monkeypatch.setattr(output, "_stream", stream)
        output.write(b"end\n")
    assert path.read_bytes() == b"one\nend\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_one_sentence() -> None:
    with pytest.raises(FerError, match="/dev/full cannot be written: No space left on device"):
        write("/dev/full", b"x")


def test_standard_output(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    print("before", end=" ")
    write("-", b"one\xff", b"two")
    assert capsysbinary.readouterr().out == b"before one\xfftwo"


def test_standard_output_may_be_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(FerError, match="standard output is closed"):
        write("-", b"x")


def test_a_folder_is_tried_before_the_work(tmp_path: Path, photo: Path) -> None:
    prepare_folder(tmp_path / "new/folder")
    assert list((tmp_path / "new/folder").iterdir()) == []
    with pytest.raises(FerError, match=r"a\.jpg cannot be written: "):
        prepare_folder(photo)
    with pytest.raises(FerError, match=r"below cannot be written: "):
        prepare_folder(photo / "below")
