"""Speed and memory on this machine: medians after warm-up.

Cold figures come from a fresh process each, since imports and the page cache warm only once.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from fer_core import pipeline
from fer_core.artifacts import weights_file
from fer_core.artifacts.provenance import collect_provenance
from fer_core.artifacts.summaries import default_model_name
from fer_core.faces import align
from fer_core.imaging import decode
from fer_core.imaging.sample_photo import SAMPLE_PHOTO_NAME, sample_photo
from fer_core.models.cache import MODEL_CACHE
from fer_core.models.predictors import load
from fer_core.registry import MODELS

WARM_UP = 3
REPEATS = 15


def median_latency_ms(action: Callable[[], object]) -> float:
    """Median milliseconds of `action`, after a few unmeasured runs."""
    times = []
    for _ in range(WARM_UP + REPEATS):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(times[WARM_UP:]), 2)


def latency_per_face_ms() -> dict[str, float]:
    """Milliseconds for one face of every variant that is ready; loading is not counted."""
    chip = np.random.default_rng(0).integers(0, 256, (1, 48, 48), np.uint8)
    ready = [variant for variant in MODELS.values() if weights_file.is_ready(variant)]
    times = {}
    for variant in ready:
        predictor = load(variant.name)
        times[variant.name] = median_latency_ms(lambda p=predictor: p.predict_proba(chip))  # type: ignore[misc]
    return times


def run_benchmark() -> dict[str, Any]:
    """Every step of the built-in photo's way (512×512 px, one face), cold starts and memory."""
    photo = sample_photo()
    image = decode.decode(photo)
    face = align.detect(image)[0]
    steps = {
        "decode the photo": median_latency_ms(lambda: decode.decode(photo)),
        "find the face": median_latency_ms(lambda: align.detect(image)),
        "cut out the face": median_latency_ms(lambda: align.crop_chip(image, face)),
    }
    best = default_model_name()
    ready = [name for name, variant in MODELS.items() if weights_file.is_ready(variant)]
    models = latency_per_face_ms()
    whole = {
        f"on {title}": median_latency_ms(lambda n=names: pipeline.classify(photo, SAMPLE_PHOTO_NAME, n))  # type: ignore[misc]
        for title, names in {f"{best}": [best] if best else [], "all variants": ready}.items()
    }
    return {
        "made": collect_provenance("cpu"),
        "ms: steps": steps,
        "ms: one face": models,
        "ms: whole photo, decoding and detection included": whole,
        "s: cold process": cold_start_seconds(photo),
        # Linux counts kilobytes.
        "MB: peak memory with all variants loaded": round(
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        ),
        "MB: what the models' cache counts for them": round(sum(MODEL_CACHE.sizes.values()) / 10**6),
    }


def cold_start_seconds(photo: bytes) -> dict[str, float]:
    """Median seconds of whole commands, each run in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / SAMPLE_PHOTO_NAME
        path.write_bytes(photo)
        commands = {"variants": ["variants"], "classify one photo": ["classify", str(path)]}
        times = {}
        for title, words in commands.items():
            runs = []
            for _ in range(3):
                start = time.perf_counter()
                subprocess.run(
                    [sys.executable, "-m", "fer_core", *words], check=True, capture_output=True
                )
                runs.append(time.perf_counter() - start)
            times[title] = round(statistics.median(runs), 2)
    return times


def write_report(report: dict[str, Any], folder: Path, prefix: str = "") -> Path:
    """Keep a report as `<date>-<commit>.json`, `of_what` before it; gives the path."""
    made = report["made"]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{prefix}{made['date']}-{made['git_commit'] or 'unversioned'}.json"
    path.write_text(json.dumps(report, indent=1) + "\n")
    return path
