"""Memory stays flat over a thousand photos, worked off as the pages do."""

from resident_memory import on_linux, printed

PROGRAM = """
import io
import numpy as np
from concurrent.futures import ThreadPoolExecutor
from PIL import Image
from fer_core import pipeline
from fer_core.imaging.sample_photo import sample_photo
from pages.session.photos import read
from pages.runtime.work_queue import QUEUE
from resident import bytes_held

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
    before = bytes_held()
    assert all(visitors.map(visit, range(1000)))
print((bytes_held() - before) / 2**20)
"""


@on_linux
def test_a_thousand_photos_leave_nothing_behind() -> None:
    [grown] = printed(PROGRAM)
    assert grown < 30  # MB; the thousand photos' chips and pictures alone are 100
