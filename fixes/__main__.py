"""Run the command line: ``python -m fixes``."""

from fixes.cli import main

main()
