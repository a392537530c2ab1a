"""Drives pages with Streamlit's test harness, `AppTest`, without a browser."""

import io
from pathlib import Path

import numpy as np
from PIL import Image
from streamlit.testing.v1 import AppTest

from fer_core.probability import normalize_scores
from pages.components import page_links

ROOT = Path(__file__).parents[2]
#: Files of all pages.
PAGES = sorted(page.file for page in page_links.PAGES.values())


def open_page(page: str, **query: str) -> AppTest:
    """Open a page such as `pages/home.py` through the entry script, with query parameters."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run().switch_page(page).run()


def text_of(app: AppTest) -> str:
    """All text of the page in one string."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.info, app.warning)
    elements = [element for kind in kinds for element in kind]
    html = [element.proto.body for element in app.get("html")]
    return "\n".join([str(element.value) for element in elements] + html)


def plain_picture(colour: str = "white") -> bytes:
    """A PNG without a face."""
    file = io.BytesIO()
    Image.new("RGB", (200, 120), colour).save(file, "PNG")
    return file.getvalue()


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Upload files, as (name, content), and return the app after its rerun."""
    app.file_uploader[0].set_value([(name, data, "image/png") for name, data in files])
    return app.run()


class SurelyHappy:
    """Predictor that always answers happy with 0.7, for tests of pages."""

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        row = np.full(7, 0.05, np.float32)
        row[3] = 0.7
        return np.tile(row, (len(chips), 1))


class TwoFire(SurelyHappy):
    """Yes/no predictor with two scores above 0.5."""

    def scores(self, chips: np.ndarray) -> np.ndarray:
        return np.tile(np.array([0.1, 0.1, 0.1, 0.9, 0.6, 0.1, 0.1], np.float32), (len(chips), 1))

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        return normalize_scores(self.scores(chips))
