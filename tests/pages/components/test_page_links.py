"""The record of all pages: what it holds, and that one more record is one more page."""

from pathlib import Path

import pytest
from apptest import ROOT
from streamlit.testing.v1 import AppTest

from pages.app import navigation
from pages.app.navigation import menu
from pages.components import page_links
from pages.components.page_links import PageSpec


def test_every_file_of_a_page_has_its_record() -> None:
    files = {f"pages/{path.name}" for path in (ROOT / "pages").glob("[a-z]*.py")}
    assert {page.file for page in page_links.PAGES.values()} == files


def test_no_link_names_a_page_by_hand() -> None:
    """Title, icon and file are written once."""
    for path in (ROOT / "pages").rglob("*.py"):
        if path.name != "page_links.py":
            text = path.read_text()
            assert not [
                page.file for page in page_links.PAGES.values() if f'"{page.file}"' in text
            ], path
            assert "st.page_link(" not in text, path


@pytest.fixture
def tenth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PageSpec:
    """A page made up here: one file and one record."""
    file = tmp_path / "quiz.py"
    file.write_text(
        "import streamlit as st\n"
        "from pages.app import navigation\n"
        "from pages.components import page_links\n"
        "navigation.ensure_entry_script()\n"
        "st.title('What do you see?')\n"
        "page_links.link('home', 'Back to {title}')\n"
    )
    question = "What do you see?"
    page = PageSpec(str(file), "Quiz", ":material/menu_book:", "Background", question)
    monkeypatch.setitem(page_links.PAGES, "quiz", page)
    return page


def test_one_more_record_is_one_more_page(tenth: PageSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is on Home, in the menu, and it opens."""
    menus = []
    monkeypatch.setattr(navigation, "menu", lambda: menus.append(menu()) or menus[-1])
    home = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    assert not home.exception
    links = {link.proto.label: link.proto for link in home.get("page_link")}
    assert links[tenth.question].icon == tenth.icon
    assert links[tenth.question].page == "quiz"
    assert list(menus[0]) == ["", "Results", "Background"]
    assert menus[0]["Background"][-1].title == tenth.title
    page = home.switch_page(tenth.file).run()
    assert not page.exception
    assert page.title[0].value == tenth.question
    assert [link.proto.label for link in page.get("page_link")] == ["Back to Home"]
