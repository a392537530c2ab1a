"""Links of the root's Markdown files, which are shown as pages of `docs/` too (mkdocs.yml)."""

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
#: Page of `docs/` → the file of the root that is its text.
ROOT_FILES = {
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "security.md": "SECURITY.md",
}


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Put the file's text in, and point its links from the root to `docs/` and back."""
    file = ROOT_FILES.get(page.file.src_uri)
    if file is not None:
        markdown = (ROOT / file).read_text(encoding="utf-8").replace("](docs/", "](")
    for target, source in ROOT_FILES.items():
        markdown = re.sub(rf"\]\((?:\.\./)*{source}", f"]({target}", markdown)
    return markdown
