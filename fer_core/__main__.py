"""Entry point of `python -m fer_core`; see `fer_core.cli.app`."""

import sys

from fer_core.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
