"""The counties and how they stand with the hub."""

from __future__ import annotations

from starlette.responses import Response

from sync.hub import files
from sync.hub.web.ask import Ask
from sync.hub.web.rows import counties as rows


def counties(ask: Ask) -> Response:
    """Show all counties."""
    return ask.page("counties.html", counties=rows.states(ask.hub), silent_days=rows.SILENT_DAYS)


def county(ask: Ask) -> Response:
    """Show one county: its workstations, what is missing, what waits for a person, what is held."""
    code = ask.path("county")
    return ask.page(
        "county.html",
        county=rows.state(ask.hub, code),
        quarantine=rows.quarantine(ask.hub, code),
        refused=rows.refused(ask.hub, code),
        held=rows.held_rows(ask.hub, code),
        files=files.holding(ask.hub, code),
    )
