"""Deque's axe, asked about the page as it stands, and what of its findings is Streamlit's own."""

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
GRAVE = ("serious", "critical")
EVERYTHING = {"resultTypes": ["violations"]}
#: In the dark only colours differ, so only they are looked at again.
COLOURS = EVERYTHING | {"runOnly": ["color-contrast"]}


@dataclass(frozen=True)
class Allowed:
    """A finding that we cannot mend: `rule` on elements that match `selector`, because of `why`."""

    rule: str
    selector: str
    why: str


MENU = (
    "Streamlit's menu on a phone puts its sections (div) into a list (ul) and their pages (li) "
    "into them; nothing in the app can put lists there."
)
ALLOWED = (
    Allowed("list", "ul[data-testid=stSidebarNavItems]", MENU),
    Allowed("listitem", "ul[data-testid=stSidebarNavItems] > div > li", MENU),
)


def findings(page: Page, only_colours: bool = False) -> tuple[list[str], list[str], set[Allowed]]:
    """The grave findings, the others, and which of ALLOWED were met; a line a finding."""
    grave, others, met = [], [], set()
    for found in AXE.run(page, options=COLOURS if only_colours else EVERYTHING).response[
        "violations"
    ]:
        for node in found["nodes"]:
            entry = _allowed(page, found["id"], node["target"])
            if entry:
                met.add(entry)
                continue
            why = [part["message"] for part in node["any"] + node["all"] + node["none"]]
            line = f"{found['impact']}, {found['id']}: {node['html'][:160]} {'; '.join(why)[:200]}"
            (grave if found["impact"] in GRAVE else others).append(line)
    return grave, others, met


def _allowed(page: Page, rule: str, target: list[Any]) -> Allowed | None:
    for entry in ALLOWED:
        if entry.rule == rule and page.locator(target[-1]).first.evaluate(
            "(element, selector) => element.matches(selector)", entry.selector
        ):
            return entry
    return None
