"""Small numbers in words."""

WORDS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip


def number_word(count: int) -> str:
    """Spell a number: 8 → 'eight'; from thirteen on in digits."""
    return WORDS[count] if count < len(WORDS) else str(count)
