"""Write the twin's models as documents.

python -m digital_twin.models --out folder
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from digital_twin.models.documents import DOCUMENTS

HERE: Final = Path(__file__).parent
"""Where the documents of the repository are."""


def render(name: str) -> str:
    """Return what stands in the file ``name``."""
    return json.dumps(DOCUMENTS[name](), indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write every document, by default where the repository keeps them."""
    parser = argparse.ArgumentParser(
        prog="digital_twin.models",
        description="Write the models of patient and monitor as JSON schemas.",
    )
    parser.add_argument("--out", type=Path, default=HERE, help="a folder")
    folder: Path = parser.parse_args(arguments).out
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in DOCUMENTS:
            (folder / name).write_text(render(name), encoding="utf-8")
    except OSError as error:
        sys.exit(f"models: {folder}: {error.strerror}; name another folder with --out")
    sys.stdout.writelines(f"{folder / name}\n" for name in DOCUMENTS)


if __name__ == "__main__":
    main()
