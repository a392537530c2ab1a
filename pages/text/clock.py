"""Times of a film in words."""


def clock(seconds: float) -> str:
    """A time of a film: '12.3 s', '2:05.3' from a minute on and '1:02:05.3' from an hour on.

    The last two are minutes and hours with colons, so that columns of times stay narrow.
    """
    tenths = round(10 * seconds)
    minutes, rest = divmod(tenths, 600)
    if not minutes:
        return f"{rest / 10:.1f} s"
    hours, minutes = divmod(minutes, 60)
    start = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{start}:{rest / 10:04.1f}"
