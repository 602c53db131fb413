"""Make docs/format/examples/invitation.invitation: `python -m tests.sync.invitation_example`.

The seal has a random nonce, so the file differs at each making; the tests read the one that is kept.
"""

from __future__ import annotations

import orjson

from sync.invitation import InvitingHub, write_invitation
from tests.sync.conftest import COUNTY
from tests.sync.examples import AT, CITY, DESK, FOLDER, HUB, entries, keys

NAME = "invitation.invitation"
REGISTER_KEY = bytes([0xAA]) * 32
"""Of the example keyring."""
LAPTOP = keys("laptop")


def make() -> bytes:
    ring = orjson.loads((FOLDER / "register-keyring.json").read_bytes())
    last = entries()[-1]
    return write_invitation(
        county=COUNTY, register=ring["register"], register_key=REGISTER_KEY, name="示例县公安局", device=2,
        device_name="局长笔记本", seeds=(LAPTOP.sign_seed, LAPTOP.mlkem_seed, LAPTOP.x25519_seed), inviter=1, keys=DESK,
        made_at=AT, keyring=ring["slots"], workstations={1: DESK.public(), 2: LAPTOP.public()},
        heads={1: (last.seq, last.hash)}, law={"rules/example.toml": "# texts of rules and calendars stand here"},
        hub=InvitingHub(name=CITY, keys=HUB.public(), address="https://hub.example:8443", certificate="ab" * 32),
    )  # fmt: skip


if __name__ == "__main__":
    (FOLDER / NAME).write_bytes(make())
