"""`petition-hub`: the city's server and its commands. Exit codes as in `app.common`."""

from __future__ import annotations

from sync.hub.cli import group as main

__all__ = ["main"]

if __name__ == "__main__":
    main()
