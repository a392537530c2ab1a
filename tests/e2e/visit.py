"""What a look at a page in the browser tells."""

from pathlib import Path

from playwright.sync_api import Page

SCREENSHOTS = Path(__file__).parents[2] / "test-output/screenshots"
#: Resolves once nothing on the page has changed its place or number for four looks in a row, and
#: says whether that came true.
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
  for (let i = 0; i < 100 && same < 4; i++) {
    await new Promise(done => setTimeout(done, 100));
    const now = look();
    same = now === before ? same + 1 : 0;
    before = now;
  }
  return same === 4;
}"""


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return page.evaluate(
        "Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(part => part.scrollWidth - part.clientWidth))"
    )


def settled(page: Page) -> None:
    """Waits until the script has run and charts and tables, which come later, keep their size."""
    done = page.locator(".stApp[data-test-script-state=notRunning]")
    for _ in range(5):
        done.wait_for()
        if page.evaluate(STILL) and done.count():
            return
    raise AssertionError("the page does not come to rest")


def unroll(page: Page, width: int) -> None:
    """Makes the window as tall as the page: what is scrolled away is in no screenshot and has no
    contrast to be measured."""
    page.set_viewport_size({"width": width, "height": 900})
    settled(page)
    for _ in range(3):  # some parts grow with the window
        tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        if page.evaluate("innerHeight") >= tall:
            break
        page.set_viewport_size({"width": width, "height": tall})
        settled(page)


def keep(page: Page, name: str) -> None:
    """A screenshot for whoever wants to look; what a test makes is not committed."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
