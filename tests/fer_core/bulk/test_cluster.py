"""A real Ray cluster of two nodes on this machine, one of whose workers is killed on the way."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
import ray
from ray.cluster_utils import Cluster

from fer_core.bulk.cluster import classify_on_cluster
from fer_core.bulk.job import Job
from fer_core.cli.inputs import find_photos
from fer_core.imaging.sample_photo import sample_photo

pytestmark = pytest.mark.slow
STARTS = 3  # Ray gives a node half a minute to start, which a busy machine may need


@pytest.fixture
def address() -> Iterator[str]:
    """A cluster of two nodes with one processor each."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    for start in range(STARTS):
        cluster = Cluster()
        try:
            for _ in range(2):
                cluster.add_node(num_cpus=1, include_dashboard=False)
            break
        except Exception:
            cluster.shutdown()
            if start == STARTS - 1:
                raise
    yield cluster.address
    cluster.shutdown()


def actor_processes() -> list[int]:
    listing = subprocess.run(["pgrep", "-f", "^ray::MapWorker"], capture_output=True, check=True)
    return [int(pid) for pid in listing.stdout.split()]


def test_a_killed_worker_loses_and_doubles_nothing(address: str, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number:02}.png" for number in range(64)]
    for path in paths:
        path.write_bytes(sample_photo())
    paths[5].write_text("no photo")
    files = find_photos([str(paths[0]), *(path.as_uri() for path in paths[1:])])
    job = Job(("multiclass",))
    names: Counter[str] = Counter()
    emotions = set()
    found = classify_on_cluster(files, job, workers=2, batch_size=2, address=address)
    for number, answers in enumerate(found):
        names.update(PurePosixPath(answer.name).name for answer in answers)
        assert all(answer.stamp and answer.stamp.modified for answer in answers)
        emotions |= {f.answers["multiclass"].emotion for answer in answers for f in answer.faces}
        if number == 0:
            os.kill(actor_processes()[0], signal.SIGKILL)
    assert names == Counter(path.name for path in paths)
    assert emotions == {"happy"}
    assert not ray.is_initialized()
