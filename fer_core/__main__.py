"""Entry point of `python -m fer_core`; see `fer_core.cli.app`."""

import sys

try:
    from fer_core.cli.app import main
except KeyboardInterrupt:
    sys.exit(130)

if __name__ == "__main__":
    sys.exit(main())
