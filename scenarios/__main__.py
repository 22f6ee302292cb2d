"""Run the scenarios: ``python -m scenarios [NAME ...] [--out figures] [--quick]``."""

from __future__ import annotations

import sys

from scenarios.command import run_all

if __name__ == "__main__":
    sys.exit(run_all())
