"""Results files are verified on reading, or refused by name in one sentence."""

import subprocess
from pathlib import Path

import pytest
from damage import DAMAGES

from fer_core.artifacts import store
from fer_core.errors import ResultsError

RESULTS = store.artifacts().results
FILES = sorted(path.name for path in RESULTS.iterdir() if path.name != store.CHECKSUMS_FILE)


def refused(path: Path) -> str:
    with pytest.raises(ResultsError) as caught:
        store.read_verified(path, "evaluate all")
    message = str(caught.value)
    assert path.name in message
    assert "restore it from the repository" in message
    assert message.endswith(".")
    assert str(path.parent) not in message
    return message


def test_every_committed_results_file_is_listed_and_whole() -> None:
    sums = store.read_checksums(RESULTS)
    assert sorted(sums) == FILES
    assert len(FILES) >= 22
    for name in FILES:
        assert store.sha256(RESULTS / name) == sums[name]
        assert store.problem(RESULTS / name, None) is None


def test_sha256sum_understands_the_list() -> None:
    command = ["sha256sum", "--check", "--strict", store.CHECKSUMS_FILE]
    try:
        done = subprocess.run(command, cwd=RESULTS, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no sha256sum on this system")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["crowd.json", "multiclass.npz", "fer2013_rows.npy"])
def test_damage_is_refused_by_name(copied_results: Path, name: str, damage: str) -> None:
    path = copied_results / name
    whole = store.read_verified(path, None)
    DAMAGES[damage](path)
    message = refused(path)
    assert ("missing" in message) == (damage == "missing")
    assert store.problem(path, "evaluate all") == message
    path.write_bytes(whole)  # restored while the app runs: it is read again
    assert store.read_verified(path, None) == whole


def test_json_that_is_recorded_but_no_object(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for text in ("[]", "7", "not JSON", "", "[" * 100_000, "\udcff"):
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        store.record_checksums(path)
        with pytest.raises(ResultsError, match=r"a\.json is damaged"):
            store.read_json(path, "facts")


def test_a_file_that_never_existed_is_no_problem(tmp_path: Path) -> None:
    assert store.problem(tmp_path / "a.json", "facts") is None


@pytest.mark.parametrize("text", ["", "no sums at all", "\0\xff\n\n", f"{'a' * 64}"])
def test_damaged_list_refuses_its_files(copied_results: Path, text: str) -> None:
    (copied_results / store.CHECKSUMS_FILE).write_bytes(text.encode("latin-1"))
    refused(copied_results / "crowd.json")
    (copied_results / store.CHECKSUMS_FILE).unlink()
    assert "SHA256SUMS" in refused(copied_results / "crowd.json")


def test_a_file_is_read_and_hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The summaries are read many times in every page run."""
    path = RESULTS / "saliency_maps.npz"
    content = store.read_verified(path, None)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("was read again"))
    monkeypatch.setattr(store.hashlib, "sha256", lambda _: pytest.fail("was hashed again"))
    for _ in range(3):
        assert store.read_verified(path, None) is content


def test_the_state_of_a_file_is_believed_for_the_time_that_the_app_sets(
    copied_results: Path,
) -> None:
    """And without it not at all; the files of busy pages are asked for hundreds of times."""
    path = copied_results / "crowd.json"
    content = store.read_verified(path, None)
    store.artifacts().recheck_seconds = 1e9
    sums = store.read_checksums(copied_results)
    path.unlink()
    (copied_results / store.CHECKSUMS_FILE).unlink()
    assert store.problem(path, None) is None
    assert store.read_verified(path, None) is content
    assert store.read_checksums(copied_results) == sums
    store.artifacts().recheck_seconds = 0
    assert "SHA256SUMS" in str(store.problem(copied_results / "multiclass.json", None))
    assert store.read_checksums(copied_results) == {}
