"""The simulation's own parts, and the hub under what its line does to requests."""

from __future__ import annotations

from sync.hub import asgi
from sync.hub.hub import Hub
from tests.campaigns.sim.line import Application, Request
from tests.sync.conftest import hub as hub
from tests.sync.conftest import server as server


def test_a_desk_that_hangs_up_while_it_enrols_is_no_error_of_the_hub(hub: Hub) -> None:
    app = Application(asgi.application(hub))
    try:
        answer = app.deliver(Request("POST", "/v1/enrol", (), b"{" * 100), cut=10)
        assert answer.status == 400
    finally:
        app.close()
