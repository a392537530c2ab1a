"""Deque's axe on the current page, and the findings that are Streamlit's own."""

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
GRAVE = ("serious", "critical")
EVERYTHING = {"resultTypes": ["violations"]}
#: In the dark theme only the colours differ, so only they are checked again.
COLOURS = EVERYTHING | {"runOnly": ["color-contrast"]}


@dataclass(frozen=True)
class Allowed:
    """A finding that we cannot fix: `rule` on elements matching `selector`, and the reason."""

    rule: str
    selector: str
    reason: str


MENU = (
    "Streamlit's menu on a phone puts its sections (div) into a list (ul) and their pages (li) "
    "into them; nothing in the app can put lists there."
)
ALLOWED = (
    Allowed("list", "ul[data-testid=stSidebarNavItems]", MENU),
    Allowed("listitem", "ul[data-testid=stSidebarNavItems] > div > li", MENU),
)


def findings(page: Page, only_colours: bool = False) -> tuple[list[str], list[str], set[Allowed]]:
    """Serious findings and others, one line each, and the entries of ALLOWED that occurred."""
    grave, others, allowed = [], [], set()
    for violation in AXE.run(page, options=COLOURS if only_colours else EVERYTHING).response[
        "violations"
    ]:
        for node in violation["nodes"]:
            entry = _allowed(page, violation["id"], node["target"])
            if entry:
                allowed.add(entry)
                continue
            messages = [part["message"] for part in node["any"] + node["all"] + node["none"]]
            line = f"{violation['impact']}, {violation['id']}: {node['html'][:160]} "
            line += "; ".join(messages)[:200]
            (grave if violation["impact"] in GRAVE else others).append(line)
    return grave, others, allowed


def _allowed(page: Page, rule: str, target: list[Any]) -> Allowed | None:
    for entry in ALLOWED:
        if entry.rule == rule and page.locator(target[-1]).first.evaluate(
            "(element, selector) => element.matches(selector)", entry.selector
        ):
            return entry
    return None
