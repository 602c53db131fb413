"""The simulation's own parts, and the hub under what its line does to requests."""

from __future__ import annotations

import pytest

from sync.carriers.https import REQUEST_DOMAIN
from sync.hub import asgi
from sync.hub.hub import Hub
from tests.campaigns.sim.line import Application, Request
from tests.sync.conftest import COUNTY, Journal, enrol
from tests.sync.conftest import hub as hub
from tests.sync.conftest import server as server


@pytest.mark.parametrize("target", ["/v1/enrol", "/v1/files"])
def test_a_desk_that_hangs_up_inside_a_request_is_no_error_of_the_hub(hub: Hub, target: str) -> None:
    journal = Journal()
    enrol(journal, hub)
    keys, device = journal.station.keys, journal.station.device
    signature = keys.sign(REQUEST_DOMAIN, f"POST {target}".encode()).hex()
    app = Application(asgi.application(hub))
    try:
        headers = (("Authorization", f"PetitionDesk {COUNTY}/{device}/{signature}"),)
        answer = app.deliver(Request("POST", target, headers, b"{" * 100), cut=10)
        assert answer.status == 400
    finally:
        app.close()
        journal.close()
