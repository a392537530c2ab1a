"""Photos behind an address, through fsspec's real file systems in memory and on the disk."""

from pathlib import Path

import fsspec
import pytest

from fer_core.bulk.job import Job
from fer_core.cli.app import main
from fer_core.cli.inputs import find_photos
from fer_core.errors import FerError
from fer_core.imaging import remote
from fer_core.imaging.sample_photo import sample_photo
from fer_core.reports.answers import answers_to_csv


@pytest.fixture
def bucket() -> str:
    system = fsspec.filesystem("memory")
    for name in ("b.png", "a.jpg", "notes.txt", ".hidden.png", "deep/c.JPG"):
        system.pipe_file(f"/album/{name}", sample_photo())
    return "memory://album"


def test_photos_below_a_folder_matching_a_pattern_or_by_name(bucket: str) -> None:
    def found(address: str) -> list[str]:
        return [path.partition("album/")[2] for path, _ in remote.find(address)]

    assert found(bucket) == ["a.jpg", "b.png", "deep/c.JPG"]
    assert found(f"{bucket}/*.png") == ["b.png"]
    assert found(f"{bucket}/notes.txt") == ["notes.txt"]  # a named file is read
    assert found("memory://nothing") == []


def test_a_photo_is_read_and_its_size_known(bucket: str) -> None:
    [file] = find_photos([f"{bucket}/b.png"])
    assert file.read() == sample_photo()
    stamp = file.stamp()
    assert stamp is not None
    assert stamp.size == len(sample_photo())
    [nothing] = find_photos(["memory://nothing"])
    assert nothing.error == "There is no photo at this address."


def test_a_pattern_below_a_hidden_folder(tmp_path: Path) -> None:
    folder = tmp_path / ".hidden"
    folder.mkdir()
    (folder / "a.png").write_bytes(sample_photo())
    assert len(list(remote.find(f"{folder.as_uri()}/*.png"))) == 1


def test_a_photo_that_is_gone_and_storage_that_fails_are_one_sentence(bucket: str) -> None:
    files = find_photos([f"{bucket}/b.png"])
    fsspec.filesystem("memory").rm("/album/b.png")
    [answers] = Job(()).classify(files)
    assert answers.error == "The file cannot be read: it is not there."
    for address in ("zip://*.jpg::notes.txt", "zip://nothing.zip/a.jpg"):
        with pytest.raises(FerError, match=r"\.$"):
            list(remote.find(address))


def test_an_unknown_protocol_is_one_sentence() -> None:
    with pytest.raises(FerError, match=r"^nowhere://a cannot be opened: .*\.$"):
        list(remote.find("nowhere://a"))


def test_the_command_line_reads_addresses_and_goes_on_by_their_times(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.png").write_bytes(sample_photo())
    (tmp_path / "b.png").write_bytes(sample_photo())
    out = tmp_path / "answers.csv"
    command = ["classify", tmp_path.as_uri(), "--model=multiclass", "--out", str(out)]
    assert main(command) == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 1 + 2
    capsys.readouterr()
    assert main([*command, "--resume"]) == 0
    assert "1 photo done before." in capsys.readouterr().err
    assert answers_to_csv([]) in out.read_text(encoding="utf-8-sig")
