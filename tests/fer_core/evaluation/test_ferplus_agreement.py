"""FER+ votes: reading them, mapping them to images, and agreement with labels and models."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from ferplus_file import write
from scipy import stats
from sklearn.metrics import accuracy_score

from fer_core.artifacts import store, summaries
from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.summaries import evaluated_models
from fer_core.datasets.fer2013_ids import official_id
from fer_core.datasets.ferplus import ANSWERS, COLUMNS, VOTES_FILE, Votes, find_votes
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError, ResultsError
from fer_core.evaluation import ferplus_agreement, ferplus_entropy, ferplus_votes
from fer_core.registry import MODELS
from training import ferplus as command

SPLITS = ("PublicTest", "PrivateTest")
ROOT = Path(__file__).parents[3]
SHARED_VOTES = ROOT.parent / "shared/data/ferplus.csv"


@pytest.fixture(scope="session")
def votes(tmp_path_factory: pytest.TempPathFactory) -> Votes:
    """The real votes; skips if the file is missing."""
    there = find_votes(ROOT / "data" / VOTES_FILE)
    if there is not None:
        return there
    if not SHARED_VOTES.is_file():
        pytest.skip(
            f"the votes are not present: put Microsoft's {VOTES_FILE} into data/ (see README.md)"
        )
    with SHARED_VOTES.open(newline="") as file:
        rows = {
            int(line["row"]): {name: int(line[name]) for name in COLUMNS}
            for line in csv.DictReader(file)
        }
    found = find_votes(write(tmp_path_factory.mktemp("votes") / VOTES_FILE, rows))
    assert found is not None
    return found


def ballot(**votes: int) -> list[int]:
    return [votes.get(name.replace(" ", "_"), 0) for name in ANSWERS]


@pytest.mark.parametrize(
    ("votes", "clear", "most"),
    [
        (ballot(happy=10), "happy", "happy"),
        (ballot(sad=5, angry=3, unknown=2), "sad", "sad"),
        (ballot(sad=4, angry=3, unknown=3), None, "sad"),  # four are too few
        (ballot(sad=5, angry=5), None, "angry"),  # a rival; of equals the first
        (ballot(contempt=6, neutral=4), None, "neutral"),  # none of the seven
        (ballot(unknown=5, fear=5), None, "fear"),
        (ballot(no_face=10), None, None),
        (ballot(), None, None),
    ],
)
def test_majority(votes: list[int], clear: str | None, most: str | None) -> None:
    def named(index: int) -> str | None:
        return None if index < 0 else EMOTIONS[index]

    assert named(ferplus_votes.majority(np.array([votes]))[0]) == clear
    assert named(ferplus_votes.most_voted(np.array([votes]))[0]) == most


def made_up(n: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, votes and answers that are related but not equal; some images without votes."""
    random = np.random.default_rng(3)
    labels = random.integers(0, 7, n)
    shares = np.full((n, 10), 0.04)
    shares[np.arange(n), (labels + (random.random(n) < 0.3)) % 7] = 0.64
    votes = np.array([random.multinomial(10, row) for row in shares])
    votes[:9] = 0
    return labels, votes, np.where(random.random(n) < 0.6, votes.argmax(axis=1) % 7, labels)


def kappa(truth: np.ndarray, answers: np.ndarray) -> float:
    """Cohen (1960): agreement above chance, as a share of the largest possible excess."""
    by_chance = sum((truth == i).mean() * (answers == i).mean() for i in range(7))
    return ((truth == answers).mean() - by_chance) / (1 - by_chance)


def test_model_agreement() -> None:
    labels, votes, predicted = made_up()
    result = ferplus_agreement.model_agreement(labels, votes, predicted, "abc")
    people = ferplus_votes.majority(votes)
    clear = people >= 0
    assert result.n == clear.sum() < len(labels) - 9
    assert result.label_accuracy == pytest.approx(accuracy_score(labels[clear], predicted[clear]))
    assert result.majority_accuracy == pytest.approx(
        accuracy_score(people[clear], predicted[clear])
    )
    assert result.difference == pytest.approx(result.majority_accuracy - result.label_accuracy)
    assert result.label_kappa == pytest.approx(kappa(labels[clear], predicted[clear]))
    assert result.majority_kappa == pytest.approx(kappa(people[clear], predicted[clear]))
    for value, interval in (
        (result.label_accuracy, result.label_accuracy_interval),
        (result.majority_accuracy, result.majority_accuracy_interval),
    ):
        k = round(value * result.n)
        exact = stats.binomtest(k, result.n).proportion_ci(method="wilson")
        assert interval == pytest.approx((exact.low, exact.high), abs=1e-12)
    got = np.array([v[p] / v.sum() for v, p in zip(votes[clear], predicted[clear], strict=True)])
    assert result.vote_share == pytest.approx(got.mean())
    normal = stats.norm.interval(0.95, got.mean(), stats.sem(got))
    assert result.vote_share_interval == pytest.approx(normal, abs=0.003)
    assert result.majority_sides_with_model == ((predicted != labels) & (predicted == people)).sum()


def test_the_paired_difference_is_tighter_than_two_intervals_apart() -> None:
    result = ferplus_agreement.model_agreement(*made_up()[:2], made_up()[2], "abc")
    low, high = result.difference_interval
    assert low < result.difference < high
    labels, votes, predicted = made_up()
    clear = ferplus_votes.majority(votes) >= 0
    d = (predicted == ferplus_votes.majority(votes))[clear].astype(float) - (predicted == labels)[
        clear
    ]
    normal = stats.norm.interval(0.95, d.mean(), stats.sem(d))
    assert (low, high) == pytest.approx(normal, abs=0.01)


def test_images_are_ranked_by_majority_support() -> None:
    labels, votes, predicted = made_up()
    sure = np.random.default_rng(4).random(len(labels))
    found = ferplus_votes.rank_by_majority_support(labels, predicted, votes, sure)
    people = ferplus_votes.majority(votes)
    expected = [i for i in range(len(labels)) if labels[i] != predicted[i] == people[i]]
    assert found.tolist() == sorted(
        expected, key=lambda i: (-int(votes[i, predicted[i]]), -sure[i])
    )


def test_labels_without_a_vote() -> None:
    votes = np.array([ballot(happy=10), ballot(sad=9, fear=1), ballot(), ballot(unknown=10)])
    labels = np.array([EMOTIONS.index(name) for name in ("happy", "angry", "sad", "sad")])
    assert ferplus_agreement.unsupported_labels(labels, votes) == (3, 2)


def test_label_agreement() -> None:
    labels, votes, _ = made_up()
    result = ferplus_agreement.label_agreement(labels, votes)
    people = ferplus_votes.majority(votes)
    clear, voted = people >= 0, votes.sum(axis=1) > 0
    assert (result.n, result.with_votes, result.with_majority) == (400, 391, clear.sum())
    assert result.majority_agreement == pytest.approx(accuracy_score(labels[clear], people[clear]))
    assert result.plurality_agreement == pytest.approx(
        (ferplus_votes.most_voted(votes) == labels)[voted].mean()
    )
    assert sum(row["with_majority"] for row in result.by_emotion.values()) == result.with_majority
    sad = (labels == EMOTIONS.index("sad")) & clear
    assert result.by_emotion["sad"]["majority_agreement"] == pytest.approx(
        accuracy_score(labels[sad], people[sad])
    )
    assert result.most_frequent_label == EMOTIONS[stats.mode(labels[clear]).mode]
    assert result.most_frequent_majority == EMOTIONS[stats.mode(people[clear]).mode]
    assert result.label_baseline == pytest.approx(
        np.bincount(labels[clear]).max() / result.with_majority
    )
    assert result.majority_baseline == pytest.approx(
        np.bincount(people[clear]).max() / result.with_majority
    )
    assert result.baseline_vote_share < result.label_vote_share < result.max_vote_share


def test_recorded_agreement_is_that_of_the_votes(votes: Votes) -> None:
    found = split_predictions("multiclass", "PrivateTest")
    many = votes.for_images(found.ids)
    # What is known of these votes: the most voted of the seven, a tie, even of nothing, to the
    # first in the alphabet, equals the label for 63.8 % of the 3,588 images with votes.
    there = many.any(axis=1)
    same = many[:, :7].argmax(axis=1) == found.labels
    assert same[there].mean() == pytest.approx(0.638, abs=5e-4)
    per_emotion = [round(100 * same[there & (found.labels == i)].mean()) for i in range(7)]
    assert per_emotion == [55, 38, 17, 93, 87, 39, 75]
    recorded = ferplus_agreement.load_agreement().labels["PrivateTest"]
    assert recorded.plurality_agreement == pytest.approx(0.638, abs=1e-3)
    assert recorded == ferplus_agreement.label_agreement(found.labels, many)


def test_recorded_numbers_are_those_of_the_votes(votes: Votes) -> None:
    assert command.measure_agreement(votes) == ferplus_agreement.load_agreement()


@pytest.mark.parametrize("name", MODELS)
def test_recorded_numbers_are_of_the_committed_weights(name: str) -> None:
    summary = summaries.load_summary(MODELS[name])
    assert summary is not None
    for split in SPLITS:
        row = ferplus_agreement.load_agreement().models[split][name]
        assert row.sha256 == summary["sha256"], "stale: run python -m training.ferplus"
        assert row.n == ferplus_agreement.load_agreement().labels[split].with_majority


def test_no_votes_are_recorded() -> None:
    """Only numbers over many images: nothing in the file is longer than the seven emotions."""

    def longest(value: object) -> int:
        parts = value.values() if isinstance(value, dict) else value
        if not isinstance(value, dict | list):
            return 0
        return max(len(value), *(longest(part) for part in parts)) if value else 0

    assert longest(json.loads(ferplus_agreement.path().read_text())) < 20


def test_votes_find_their_images(tmp_path: Path) -> None:
    path = write(tmp_path / VOTES_FILE, {28714: {"happiness": 6, "NF": 4}, 17: {"sadness": 10}})
    found = find_votes(path)
    assert found is not None
    assert find_votes(path) is found  # read once
    rows = found.for_images([official_id(28714), "Training_row17", "PrivateTest_0"])
    assert rows.tolist() == [ballot(happy=6, no_face=4), ballot(sad=10), ballot()]
    assert found.for_images([]).shape == (0, 10)


def test_votes_lie_beside_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FER2013_DIR", str(tmp_path / "fer2013"))
    assert find_votes() is None
    write(tmp_path / VOTES_FILE, {0: {"fear": 10}})
    assert find_votes() is not None


def test_a_foreign_file_is_one_sentence(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.csv", {}).read_text().splitlines(keepends=True)
    swapped = [*whole[:1], whole[-1], *whole[2:]]
    for text in ("", "a,b\n1,2\n", "".join(whole[:-1]), "".join(swapped), "\0", "".join(whole[1:])):
        (tmp_path / VOTES_FILE).write_text(text)
        with pytest.raises(DataError, match=r"fer2013new\.csv is not the file of"):
            find_votes(tmp_path / VOTES_FILE)


def test_command(tmp_path: Path, copied_results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copied_results / "crowd.json").unlink()
    assert command.main(["--data", str(tmp_path / "fer2013")]) == 1
    assert "github.com/microsoft/FERPlus" in capsys.readouterr().err
    random = np.random.default_rng(0)
    rows = {
        row: dict(
            zip(COLUMNS, map(int, random.multinomial(10, [0.6, *[0.4 / 9] * 9])), strict=True)
        )
        for row in range(28709, 35887)
    }
    write(tmp_path / VOTES_FILE, rows)
    assert command.main(["--data", str(tmp_path / "fer2013")]) == 0
    result = ferplus_agreement.load_agreement()
    assert list(result.models["PrivateTest"]) == [model.name for model in evaluated_models()]
    votes = find_votes(tmp_path / VOTES_FILE)
    assert votes is not None
    assert result == command.measure_agreement(votes)


@pytest.mark.usefixtures("no_artifacts")
def test_missing_and_damaged_records_are_one_sentence() -> None:
    with pytest.raises(ResultsError, match="missing"):
        ferplus_agreement.load_agreement()
    for text in ("no json", "[]", "{}", '{"labels": {"PrivateTest": {"n": 3}}, "models": {}}'):
        ferplus_agreement.path().write_text(text)
        store.record_checksums(ferplus_agreement.path())
        with pytest.raises(ResultsError, match="damaged"):
            ferplus_agreement.load_agreement()


def test_committed_entropies_are_of_these_votes(votes: Votes) -> None:
    entropies = ferplus_entropy.load_entropies()
    counts = votes.for_images(entropies)
    np.testing.assert_allclose(list(entropies.values()), ferplus_entropy.entropy(counts), rtol=1e-3)
