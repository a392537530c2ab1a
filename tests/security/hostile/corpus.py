"""All cases by name: what strangers, broken disks and attackers may send instead of a photo.

A name is its family, a colon and what is special about it.
"""

import bombs
import crowded
import disguised
import largest
import truncated
import unusual
from cases import Case

CASES: dict[str, Case] = {
    name: case
    for part in (truncated, disguised, unusual, bombs, crowded, largest)
    for name, case in part.cases().items()
}
#: Those for which the library was once changed, or which a busy machine once failed.
BROKE = (
    "bomb: PNG of 50 MP, interlaced",
    "bomb: TIFF of 50 MP JPEG",
    "bomb: JPEG of Photoshop crumbs",
)


def chosen() -> list[str]:
    """Some sixty cases that stand for all: of each family the one in the middle, once for those
    that must be answered and once for every sentence; and BROKE."""
    alike: dict[tuple[str, str, bool], list[str]] = {}
    for name, case in CASES.items():
        family, answered = name.partition(":")[0], case.expects == "answer"
        alike.setdefault((family, case.word, answered), []).append(name)
    middle = {names[len(names) // 2] for names in alike.values()}
    return [name for name in CASES if name in middle or name in BROKE]


CHOSEN = chosen()
