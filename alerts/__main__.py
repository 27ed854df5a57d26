"""Run the command line: ``python -m alerts``."""

from alerts.cli import main

main()
