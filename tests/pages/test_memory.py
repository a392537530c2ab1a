"""Memory stays flat over a thousand photos, worked off as the pages do."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import io, os
import numpy as np
from concurrent.futures import ThreadPoolExecutor
from PIL import Image
from fer_core import pipeline
from fer_core.sample import sample_photo
from pages.ui.photos import read
from pages.ui.work_queue import QUEUE

def megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

base = Image.open(io.BytesIO(sample_photo())).convert("RGB")
random = np.random.default_rng(0)

def photo():
    file = io.BytesIO()
    size = random.integers(100, 320, 2).tolist()
    base.resize(size).save(file, str(random.choice(["JPEG", "PNG", "WEBP"])))
    return file.getvalue()

files = [photo() for _ in range(50)]

def visit(i):
    found = QUEUE.run(lambda: read("photo", files[i % 50]), lambda ahead: None)
    told = QUEUE.run(lambda: pipeline.answer_chips(found.chips, ["multiclass"]), lambda ahead: None)
    return found.error is None and len(told) == len(found.chips)

with ThreadPoolExecutor(4) as visitors:
    assert all(visitors.map(visit, range(200)))
    before = megabytes()
    assert all(visitors.map(visit, range(1000)))
print(megabytes() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read as on Linux")
def test_a_thousand_photos_leave_nothing_behind() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert float(done.stdout) < 30  # MB; the thousand photos' chips and pictures alone are 100
