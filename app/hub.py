"""`petition-hub`: the city's server and its commands. Exit codes as in `app.common`."""

from __future__ import annotations

from app.common import refuse, speak
from models import errors


def main() -> None:
    """Run the command line of the hub."""
    from sync.hub.cli import hub

    speak(None)
    try:
        hub(standalone_mode=True)
    except errors.RegisterError as error:
        refuse(error)


if __name__ == "__main__":
    main()
