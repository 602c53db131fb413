"""Reads the written programme: counties, what happens in each, and the figures of every month as counted by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def counties() -> dict[str, Any]:
    """Return the city, its settings and its counties."""
    return _read("counties.toml")


def matters() -> dict[str, list[dict[str, Any]]]:
    """Return the matters of each county, by its key."""
    files = [_read(path.name) for path in sorted(HERE.glob("[0-9]*.toml"))]
    return {file["county"]: file["matter"] for file in files}


def counts() -> dict[str, Any]:
    """Return the figures counted by hand."""
    return _read("counts.toml")


def _read(name: str) -> dict[str, Any]:
    with (HERE / name).open("rb") as file:
        return tomllib.load(file)
