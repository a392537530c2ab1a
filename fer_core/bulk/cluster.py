"""Classify many photos on a Ray cluster, by Ray Data (docs.ray.io).

Ray Data hands batches out to actors, each of which loads the models once, and starts what was in
work again where an actor or a machine ends.
"""

import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from fer_core.answers import PhotoAnswers
from fer_core.bulk.job import Job
from fer_core.errors import FerError, requires_extra
from fer_core.imaging.photo_file import FileStamp, PhotoFile

if TYPE_CHECKING:
    import numpy as np

BATCHES_PER_TASK = 4  # a task's answers arrive when all of it is done
RETRIES = 3  # of a task whose actor ended
COLUMNS = ("name", "path", "error", "listed", "size", "modified")


def classify_on_cluster(
    files: Sequence[PhotoFile], job: Job, *, workers: int, batch_size: int, address: str | None
) -> Iterator[list[PhotoAnswers]]:
    """Classify photos on a Ray cluster.

    Args:
        files: The photos; every machine of the cluster must be able to read them at their paths,
            and have this library.
        job: What is asked about each.
        workers: Actors, each with one processor.
        batch_size: Photos whose faces are classified together.
        address: Address of a cluster, as of `ray.init`; None starts one on this machine and ends
            it afterwards.

    Yields:
        Answers as they come, in any order.

    Raises:
        MissingPackageError: Ray is missing.
        FerError: Ray fails, or a photo ends every actor that reads it.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would tell Ray's makers
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    with requires_extra("ray", "A cluster needs"):
        import ray
        import ray.data
    local: dict[str, Any] = (
        {"include_dashboard": False, "num_cpus": workers} if address is None else {}
    )
    try:
        ray.init(address or "local", log_to_driver=False, logging_level=logging.ERROR, **local)
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        ray.data.DataContext.get_current().enable_progress_bars = False
        rows = [dict(zip(COLUMNS, _row(file), strict=True)) for file in files]
        tasks = -(-len(files) // (batch_size * BATCHES_PER_TASK))
        with warnings.catch_warnings():  # a newer name for the number of retries is still missing
            warnings.simplefilter("ignore", DeprecationWarning)
            answers = ray.data.from_items(rows, override_num_blocks=tasks).map_batches(
                _worker(job),
                batch_size=batch_size,
                compute=ray.data.ActorPoolStrategy(size=workers),
                num_cpus=1,
                max_restarts=-1,
                max_task_retries=RETRIES,
            )
        for batch in answers.iter_batches(batch_size=None, batch_format="numpy"):
            yield list(batch["answers"])
    except (ray.exceptions.RayError, ConnectionError, ValueError, RuntimeError) as error:
        cause = getattr(error, "cause", None)
        reason = cause if isinstance(cause, FerError) else f"Ray failed: {error}"
        raise FerError(str(reason)) from error
    finally:
        ray.shutdown()


def _row(file: PhotoFile) -> tuple[str, str, str, bool, int, str]:
    """A file as values for a table, with "" and -1 for what is not there."""
    listed = file.listed or FileStamp("")
    size = -1 if listed.size is None else listed.size
    is_listed = file.listed is not None
    return (
        file.name, file.path or "", file.error or "", is_listed, size, listed.modified or "",
    )  # fmt: skip


def _file(name: str, path: str, error: str, is_listed: bool, size: int, modified: str) -> PhotoFile:
    listed = FileStamp(path, int(size) if size >= 0 else None, modified or None)
    return PhotoFile(name, path, error or None, listed if is_listed else None)


def _worker(job: Job) -> type:
    """The class of the actors: processes somewhere on the cluster that keep their models."""

    class Worker:
        def __init__(self) -> None:
            job.prepare_worker()

        def __call__(self, batch: "dict[str, np.ndarray]") -> dict[str, list[PhotoAnswers]]:
            rows = zip(*(batch[name] for name in COLUMNS), strict=True)
            return {"answers": job.classify([_file(*row) for row in rows])}

    return Worker
