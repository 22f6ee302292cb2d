"""``python -m neurosim`` is the command line, too."""

import sys

from neurosim.cli.entry import run

if __name__ == "__main__":
    sys.exit(run())
