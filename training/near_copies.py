"""Find the test images of FER2013 that are copies of a Training image.

    python -m training.near_copies [--data FOLDER_OR_ARCHIVE]

The correlation of two images is the normalised cross-correlation of the test image's middle 36×36
pixels with the Training image, the highest over all positions, `SCALES` and the mirror image. It
ignores brightness and contrast. A coarse pass over images reduced to a third proposes `CANDIDATES`
Training images for each test image and for its mirror image; these are measured at full size. It
takes 10 to 20 minutes on two cores. The best match of each test image, and the Training images that
have a copy among the test images, are written to fer_core/results. docs/near_copies.md explains the
choices.
"""

import argparse
import sys
from collections.abc import Iterable

import cv2
import numpy as np
import torch
from tqdm import tqdm

from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.datasets.fer2013_ids import SPLITS
from fer_core.datasets.near_copies import (
    MIN_CORRELATION,
    NearCopy,
    near_copies_path,
    write_matches,
    write_training_copies,
)
from fer_core.emotions import EMOTIONS
from training.engine.arguments import add_data_argument
from training.engine.data import FerData, load_data

#: Sizes of the Training image, 1 being its own, that the full-size pass tries: 0.74 to 1.34.
SCALES = tuple(round(0.74 * 1.03**step, 4) for step in range(21))
#: The same for the coarse pass.
COARSE_SCALES = (0.8, 0.86, 0.93, 1.0, 1.08, 1.16, 1.25)
CANDIDATES = 10
#: Candidates that correlate less in the coarse pass are not measured at full size.
MIN_COARSE = 0.75
#: From this correlation at every third of the `SCALES` on, the others are tried too.
PROMISING = 0.8
SIZE = 48
MARGIN = 6  # pixels cut off each side of the test image
CELL = 3  # side of the square of pixels that the coarse pass averages
CORE = (SIZE - 2 * MARGIN) // CELL  # side of the reduced middle
BLOCK = 256  # Training images per step of the coarse pass
FLAT = 1.0  # a test image with a lower standard deviation, in grey levels, shows nothing


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_data_argument(parser)
    args = parser.parse_args(arguments)
    prepare_folder(near_copies_path().parent)
    data = load_data(args.data, SPLITS, whole=True)
    cv2.setNumThreads(1)  # threads cost more than they gain on such small images
    torch.set_float32_matmul_precision("medium")  # candidates are measured again at full size
    pairs = find_pairs(data)
    matches = best_matches(pairs)
    write_matches(matches)
    training_ids = write_training_copies(pairs)
    for split in ("PublicTest", "PrivateTest"):
        copies = sum(match.is_copy and match.test_id.startswith(split) for match in matches)
        print(f"{split}: {copies} of {len(data.split(split))} images have a copy in Training")
    print(f"Training: {len(training_ids)} images have a copy among the test images")
    return 0


def find_pairs(data: FerData) -> list[NearCopy]:
    """Find the Training images that match each test image at `MIN_CORRELATION` or more.

    Returns:
        The pairs by test id, those not mirrored first, then by Training id. Of each test image and
        of its mirror image at most `CANDIDATES` Training images are measured.
    """
    is_training = np.char.startswith(data.ids, "Training_")
    training, tests = np.flatnonzero(is_training), np.flatnonzero(~is_training)
    chips = data.chips[training]
    candidates, coarse = _propose(data.chips[tests], chips)
    pairs = []
    for row, index in enumerate(tqdm(tests, "full size", disable=not sys.stderr.isatty())):
        for mirrored in (False, True):
            query = row + len(tests) * mirrored
            plausible = np.sort(candidates[query][coarse[query] >= MIN_COARSE])
            for match, chip in zip(training[plausible], chips[plausible], strict=True):
                value = correlation(data.chips[index], chip, mirrored)
                if value >= MIN_CORRELATION:
                    label = EMOTIONS[data.labels[match]]
                    ids = str(data.ids[index]), str(data.ids[match])
                    pairs.append(NearCopy(*ids, value, mirrored, label))
    return pairs


def best_matches(pairs: Iterable[NearCopy]) -> list[NearCopy]:
    """Select the best of each test image's pairs; of equal ones, the first counts."""
    best: dict[str, NearCopy] = {}
    for pair in pairs:
        if pair.test_id not in best or pair.correlation > best[pair.test_id].correlation:
            best[pair.test_id] = pair
    return list(best.values())


def correlation(test: np.ndarray, training: np.ndarray, mirrored: bool) -> float:
    """Correlate a test image's middle with a Training image.

    Args:
        test: (48, 48) uint8.
        training: (48, 48) uint8.
        mirrored: Whether to mirror the test image first.

    Returns:
        The highest normalised cross-correlation over all positions and `SCALES`, -1 to 1, rounded
        to 4 decimals; -1 if the test image shows nothing.
    """
    middle = test[MARGIN:-MARGIN, MARGIN:-MARGIN]
    if middle.std() < FLAT:
        return -1.0
    template = np.ascontiguousarray(middle[:, ::-1] if mirrored else middle)
    best = max(_correlation_at(template, training, scale) for scale in SCALES[1::3])
    if best >= PROMISING:
        best = max(_correlation_at(template, training, scale) for scale in SCALES)
    return min(round(best, 4), 1.0)


def _correlation_at(template: np.ndarray, training: np.ndarray, scale: float) -> float:
    resized = _resize(training, scale)
    if len(resized) < len(template):
        return -1.0
    values = cv2.matchTemplate(resized, template, cv2.TM_CCOEFF_NORMED)
    return float(values[np.isfinite(values)].max(initial=-1.0))  # flat areas have no value


def _propose(tests: np.ndarray, training: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Propose Training images by the correlation of the reduced images.

    Args:
        tests: (N, 48, 48) uint8.
        training: (M, 48, 48) uint8.

    Returns:
        For the N test images and then for their N mirror images, (2N, K): the indices of the K
        most similar Training images, and their correlations, highest first. K is `CANDIDATES` or
        M, whichever is less.
    """
    middle = _reduce(tests[:, MARGIN:-MARGIN, MARGIN:-MARGIN])
    queries = torch.cat([_normalise(middle), _normalise(middle[:, :, ::-1])])
    values = torch.empty((len(queries), 0))
    indices = torch.empty((len(queries), 0), dtype=torch.long)
    for start in tqdm(range(0, len(training), BLOCK), "coarse", disable=not sys.stderr.isatty()):
        block = training[start : start + BLOCK]
        best = torch.full((len(queries), len(block)), -1.0)
        product = torch.empty_like(best)
        for scale in COARSE_SCALES:
            resized = _reduce(np.stack([_resize(chip, scale) for chip in block]))
            windows = np.lib.stride_tricks.sliding_window_view(resized, (CORE, CORE), (1, 2))
            for down, right in np.ndindex(windows.shape[1:3]):
                torch.mm(queries, _normalise(windows[:, down, right]).T, out=product)
                torch.maximum(best, product, out=best)
        values = torch.cat([values, best], 1)
        new = torch.arange(start, start + len(block)).expand(len(queries), -1)
        indices = torch.cat([indices, new], 1)
        values, order = values.topk(min(CANDIDATES, values.shape[1]), 1)
        indices = indices.gather(1, order)
    return indices.numpy(), values.numpy()


def _resize(chip: np.ndarray, scale: float) -> np.ndarray:
    size = round(SIZE * scale)
    if size == SIZE:
        return chip
    method = cv2.INTER_AREA if size < SIZE else cv2.INTER_LINEAR
    return cv2.resize(chip, (size, size), interpolation=method)


def _reduce(images: np.ndarray) -> np.ndarray:
    """Average cells of `CELL`×`CELL` pixels, (N, h, w) → (N, h // CELL, w // CELL) float32."""
    height, width = (length // CELL for length in images.shape[1:])
    cells = images[:, : height * CELL, : width * CELL].astype(np.float32)
    reduced: np.ndarray = cells.reshape(-1, height, CELL, width, CELL).mean(axis=(2, 4))
    return reduced


def _normalise(images: np.ndarray) -> torch.Tensor:
    """Flatten images to vectors of mean 0 and length 1, so that products are correlations."""
    vectors = images.reshape(len(images), -1)
    vectors = vectors - vectors.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return torch.from_numpy((vectors / np.maximum(lengths, 1e-6)).astype(np.float32))


if __name__ == "__main__":
    sys.exit(main())
