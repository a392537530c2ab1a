"""All cases by name: broken, unusual and malicious files that may be sent instead of a photo.

A name consists of the family, a colon and a description.
"""

import bombs
import crowded
import disguised
import expensive
import largest
import truncated
import unusual
from cases import Case

CASES: dict[str, Case] = {
    name: case
    for module in (truncated, disguised, unusual, bombs, expensive, crowded, largest)
    for name, case in module.cases().items()
}
#: Regression cases: they once failed.
REGRESSIONS = (
    "bomb: PNG of 50 MP, interlaced",
    "bomb: TIFF of 50 MP JPEG",
    "bomb: JPEG of Photoshop crumbs",
)


def select() -> list[str]:
    """Select about sixty cases: REGRESSIONS, and the middle one of each family for each outcome and
    error message."""
    groups: dict[tuple[str, str, bool], list[str]] = {}
    for name, case in CASES.items():
        family, answered = name.partition(":")[0], case.expects == "answer"
        groups.setdefault((family, case.word, answered), []).append(name)
    middle = {names[len(names) // 2] for names in groups.values()}
    return [name for name in CASES if name in middle or name in REGRESSIONS]


SELECTED = select()
