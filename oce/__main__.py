"""``python -m oce``: the command line (:mod:`oce.cli`)."""

import sys

from oce.cli import main

if __name__ == "__main__":
    sys.exit(main())
