"""Helpers for pages in the browser: size, stability, screenshots."""

from pathlib import Path

from playwright.sync_api import FloatRect, Page

SCREENSHOTS = Path(__file__).parents[2] / "test-output/screenshots"
TALL = 16_000  # pixels
#: Resolves once the number and size of the page's elements are unchanged in three checks in a row;
#: returns whether that happened.
STILL = """async () => {
  const look = () => {
    const main = document.querySelector('[data-testid=stMain]');
    const parts = [...main.querySelectorAll('*')];
    const waits = parts.filter(part => part.matches('[data-testid=stSkeleton], img:not([src])'));
    const plots = parts.filter(part => part.matches('canvas, svg.main-svg'));
    const sizes = plots.map(plot => Math.round(plot.getBoundingClientRect().width));
    return [parts.length, main.scrollHeight, main.scrollWidth, waits.length, ...sizes].join();
  };
  let [before, same] = [look(), 0];
  for (let i = 0; i < 100 && same < 3; i++) {
    await new Promise(done => setTimeout(done, 100));
    const now = look();
    same = now === before ? same + 1 : 0;
    before = now;
  }
  return same === 3;
}"""


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return page.evaluate(
        "Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(part => part.scrollWidth - part.clientWidth))"
    )


def settled(page: Page) -> None:
    """Wait until the script has run and late elements, charts and tables, keep their size."""
    done = page.locator(".stApp[data-test-script-state=notRunning]")
    for _ in range(5):
        done.wait_for()
        if page.evaluate(STILL) and done.count():
            return
    raise AssertionError("the page does not settle")


def unroll(page: Page, width: int) -> None:
    """Make the window taller than any page.

    Content outside the window is missing from screenshots and from contrast checks.
    """
    page.set_viewport_size({"width": width, "height": TALL})
    settled(page)


def keep(page: Page, name: str) -> None:
    """Save a screenshot for manual inspection; it is not committed."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    used = page.get_by_test_id("stMainBlockContainer").bounding_box()
    size = page.viewport_size
    assert used
    assert size
    tall = max(900, used["y"] + used["height"])
    assert tall <= TALL, "a taller window is needed"
    clip: FloatRect = {"x": 0, "y": 0, "width": size["width"], "height": tall}
    page.screenshot(path=SCREENSHOTS / f"{name}.png", clip=clip)
