"""Small counts as words."""

WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip


def number_word(count: int) -> str:
    """8 → 'eight'; digits from thirteen on."""
    return WORDS[count] if count < len(WORDS) else str(count)
