"""`petition-desk`: the window without a verb, the command line with one.

The window is what is started most and waited for: asked for plainly, it is opened without the library that reads the
command line, which alone would cost a quarter of the start.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Open the window, or do what the command line says; leaves by `SystemExit`."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    practice = given[-1:] == ["--practice"]
    rest = given[:-1] if practice else given
    if not rest or (len(rest) == 2 and rest[0] == "--register"):
        from pathlib import Path

        from app.window import show

        sys.exit(show(Path(rest[1]) if rest else None, practice=practice))
    from app.commands import main as commands

    commands(given, prog_name="petition-desk")


if __name__ == "__main__":
    main()
