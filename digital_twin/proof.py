"""Print the proof of a command: python -m digital_twin.proof COMMAND_ID.

The only module here that leads to the wire: nothing of the twin imports it.
"""

from fixes.proof import app

if __name__ == "__main__":
    app()
