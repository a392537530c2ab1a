"""Tests of every page."""

import subprocess
import sys

import pytest
from apptest import PAGES, ROOT, open_page


@pytest.mark.parametrize("page", PAGES)
def test_page_runs(page: str) -> None:
    app = open_page(page)
    assert not app.exception
    assert app.title


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("untrained")
def test_page_runs_without_any_results(page: str) -> None:
    assert not open_page(page).exception


def test_the_pages_load_no_training_framework() -> None:
    code = (
        "import sys; from streamlit.testing.v1 import AppTest\n"
        f"app = AppTest.from_file({str(ROOT / 'streamlit_app.py')!r}, default_timeout=120).run()\n"
        f"for page in {PAGES}:\n"
        "    app.switch_page(page).run()\n"
        "    assert not app.exception\n"
        "loaded = {'torch', 'tensorflow', 'keras', 'skimage'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=300)
