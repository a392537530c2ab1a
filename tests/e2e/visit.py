"""What a look at a page in the browser tells."""

from playwright.sync_api import Page


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return page.evaluate(
        "Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map(part => part.scrollWidth - part.clientWidth))"
    )


def settled(page: Page) -> None:
    """Waits until the script has run; charts and tables settle their widths a moment later."""
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(700)
