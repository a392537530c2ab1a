"""Speed and memory on this machine: medians after warm-up.

Each cold start is timed in a fresh process, because imports are slow only once per process.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fer_core import pipeline
from fer_core.artifacts import weights_file
from fer_core.artifacts.provenance import collect_provenance, device_name
from fer_core.artifacts.speed import Speed
from fer_core.evaluation.default_model import default_model_name
from fer_core.faces import align
from fer_core.imaging import decode
from fer_core.imaging.sample_photo import SAMPLE_PHOTO_NAME, sample_photo
from fer_core.models.cache import MODEL_CACHE
from fer_core.models.precision import Precision, resolve
from fer_core.models.predictors import load
from fer_core.onnx_session import onnx_threads
from fer_core.registry import MODELS

WARM_UP = 3
REPEATS = 15
ROUNDS, ROUND_REPEATS = 5, 5


def median_latency_ms(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median duration of `action` in milliseconds, after warm-up runs that are not counted; at
    least 0.01, so that ratios and logarithms exist."""
    times = []
    for _ in range(WARM_UP + repeats):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return max(0.01, round(statistics.median(times[WARM_UP:]), 2))


def latency_per_face_ms(precision: Precision = "fp32") -> dict[str, float]:
    """Milliseconds per face of every trained model in this precision, by name, without loading.

    The median of rounds over all models, so that a busy moment falls on all of them.
    """
    chip = np.random.default_rng(0).integers(0, 256, (1, 48, 48), np.uint8)
    ready = [
        model.name
        for model in MODELS.values()
        if weights_file.is_ready(model) and resolve(model, precision) == precision
    ]
    predictors = {name: load(name, precision) for name in ready}
    rounds = [
        {
            name: median_latency_ms(lambda p=predictor: p.predict_proba(chip), ROUND_REPEATS)  # type: ignore[misc]
            for name, predictor in predictors.items()
        }
        for _ in range(ROUNDS)
    ]
    return {name: round(statistics.median(each[name] for each in rounds), 2) for name in ready}


def photo_steps_ms(photo: bytes) -> dict[str, float]:
    """Milliseconds of each step before the model, for a photo with at least one face."""
    image = decode.decode(photo)
    face = align.detect(image)[0]
    return {
        "decode the photo": median_latency_ms(lambda: decode.decode(photo)),
        "find the face": median_latency_ms(lambda: align.detect(image)),
        "cut out the face": median_latency_ms(lambda: align.crop_chip(image, face)),
    }


def measure_speed() -> Speed:
    """Time every trained model on one face, and the steps before it on the built-in photo."""
    return Speed(
        face_ms=latency_per_face_ms(),
        photo_ms=photo_steps_ms(sample_photo()),
        device=device_name("cpu"),
        threads=onnx_threads(),
        date=datetime.now(UTC).date().isoformat(),
    )


def run_benchmark() -> dict[str, Any]:
    """Benchmark this machine on the built-in photo (512×512 px, one face).

    Returns:
        Provenance and sections of the report. A section's name starts with its unit: milliseconds
        of the pipeline steps, of each model and of a whole photo, seconds of cold starts, and
        megabytes of memory.
    """
    photo = sample_photo()
    best = default_model_name()
    ready = [name for name, model in MODELS.items() if weights_file.is_ready(model)]
    face_latencies = latency_per_face_ms()
    memory, counted = peak_memory_mb(), round(sum(MODEL_CACHE.sizes.values()) / 10**6)
    int8_latencies = latency_per_face_ms("int8")
    photo_latencies = {
        f"on {title}": median_latency_ms(
            partial(pipeline.classify, photo, SAMPLE_PHOTO_NAME, names, precision="auto")
        )
        for title, names in {f"{best}": [best] if best else [], "all variants": ready}.items()
    }
    return {
        "made": collect_provenance("cpu"),
        "ms: steps": photo_steps_ms(photo),
        "ms: one face": face_latencies,
        "ms: one face, int8": int8_latencies,
        "ms: whole photo, decoding and detection included": photo_latencies,
        "s: cold process": cold_start_seconds(photo),
        "MB: peak memory with all variants loaded": memory,
        "MB: what the models' cache counts for them": counted,
    }


def peak_memory_mb() -> int | None:
    """Peak resident memory of this process in megabytes (2²⁰ bytes); None on Windows."""
    try:
        import resource
    except ModuleNotFoundError:
        return None
    unit = 2**20 if sys.platform == "darwin" else 2**10  # of ru_maxrss: bytes or kilobytes
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)


def cold_start_seconds(photo: bytes) -> dict[str, float]:
    """Median duration in seconds of complete commands, each run in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / SAMPLE_PHOTO_NAME
        path.write_bytes(photo)
        commands = {"variants": ["models"], "classify one photo": ["classify", str(path)]}
        times = {}
        for title, arguments in commands.items():
            runs = []
            for _ in range(3):
                start = time.perf_counter()
                subprocess.run(
                    [sys.executable, "-m", "fer_core", *arguments], check=True, capture_output=True
                )
                runs.append(time.perf_counter() - start)
            times[title] = round(statistics.median(runs), 2)
    return times


def write_report(report: dict[str, Any], folder: Path, prefix: str = "") -> Path:
    """Save a report as `<prefix><date>-<commit>.json` in `folder` and return the path."""
    provenance = report["made"]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{prefix}{provenance['date']}-{provenance['git_commit'] or 'unversioned'}.json"
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return path
