"""Style sheets and the icon."""

from pathlib import Path

STYLES = Path(__file__).parent
