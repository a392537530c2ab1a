"""All cases by name: what strangers, broken disks and attackers may send instead of a photo."""

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
