"""What is asked about each photo of a bulk run, and the function that answers some of them.

Every engine, in this process, in several or on a cluster, calls `Job.classify`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fer_core import pipeline
from fer_core.answers import FaceAnswers, PhotoAnswers
from fer_core.imaging.decode import guard_process
from fer_core.imaging.load import Photo
from fer_core.imaging.photo_file import PhotoFile
from fer_core.models.precision import PrecisionChoice
from fer_core.models.predictors import load
from fer_core.onnx_session import Device, use_device, use_onnx_threads

if TYPE_CHECKING:  # onnx takes a quarter of a second
    from fer_core.models.own_onnx import OwnOnnx

#: Files of this many bytes are a batch, however few they are: a killed run loses no more of it.
BATCH_BYTES = 2_000_000
NO_CHIP = np.zeros((0, 0), np.uint8)


@dataclass(frozen=True)
class Job:
    """The models to ask, and how; it can be sent to another process.

    Attributes:
        model_names: Names of registered models.
        use_full_image: Treat each whole photo as one face.
        precision: As of `predictors.load`.
        device: As of `onnx_session.use_device`.
        own: A user's own file, if its name is among the models; its path must be the same in all
            processes.
        keep_chips: Whether the answers have the chips, of the faces and of the whole picture, which
            then go from process to process.
    """

    model_names: tuple[str, ...]
    use_full_image: bool = False
    precision: PrecisionChoice = "fp32"
    device: Device = "cpu"
    own: "OwnOnnx | None" = None
    keep_chips: bool = False

    def prepare(self) -> None:
        """Load the models and set Pillow's limits, before the first photo of a process.

        Raises:
            FerError: The device is not available.
            NotTrainedError: A model has no weights yet.
            WeightsError: The weights of a model are missing or damaged.
        """
        guard_process()
        use_device(self.device)
        if self.own is not None:
            from fer_core.models.own_onnx import register

            register(self.own)
        for name in self.model_names:
            load(name, self.precision)

    def prepare_worker(self) -> None:
        """As `prepare`, for a process that shares the processor with others: with one thread."""
        use_onnx_threads(1)
        cv2.setNumThreads(1)
        self.prepare()

    def classify(self, files: Sequence[PhotoFile]) -> list[PhotoAnswers]:
        """Read and classify some photos; each network runs once for all their faces.

        Returns:
            One result per file, in this order; one that cannot be read has an `error`. Chips are
            left out unless they are wanted, so that no pixel goes to another process.

        Raises:
            WeightsError: The weights of a model or of the detector are missing or damaged.
        """
        stamps = [file.stamp() for file in files]  # first: a later change of the file shows then
        failed: dict[int, PhotoAnswers] = {}
        answers = iter(
            pipeline.classify_photos(
                _readable(files, failed),
                self.model_names,
                use_full_image=self.use_full_image,
                precision=self.precision,
                picture_chips=self.keep_chips,
            )
        )
        finished = (failed.get(i) or next(answers) for i in range(len(stamps)))
        return [
            replace(photo, faces=self._faces(photo), stamp=stamp)
            for photo, stamp in zip(finished, stamps, strict=True)
        ]

    def _faces(self, photo: PhotoAnswers) -> tuple[FaceAnswers, ...]:
        if self.keep_chips:
            return photo.faces
        return tuple(
            replace(face, chip=NO_CHIP, quality=photo.quality_of(face)) for face in photo.faces
        )


def _readable(
    files: Sequence[PhotoFile], failed: dict[int, PhotoAnswers]
) -> Iterator[tuple[str, Photo]]:
    """Read one file after the other; those without content go to `failed`, by position."""
    for i, file in enumerate(files):
        error = file.error
        if error is None:
            try:
                content = file.read()
            except OSError as reason:
                error = f"The file cannot be read: {reason.strerror or reason}."
            else:
                yield file.name, content
                continue
        failed[i] = PhotoAnswers(file.name, error=error)


def batches(files: Iterable[PhotoFile], batch_size: int) -> Iterator[list[PhotoFile]]:
    """Divide files into batches of up to `batch_size`, fewer where they are large."""
    batch: list[PhotoFile] = []
    size = 0
    for file in files:
        batch.append(file)
        stamp = file.stamp()
        size += (stamp.size if stamp else None) or 0
        if len(batch) == batch_size or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
