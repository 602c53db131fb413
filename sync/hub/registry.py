"""Enrolment on the hub: offers with one-time tokens go out, workstations that answer are registered."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from models.journal import GENESIS
from sync.causes import RefusedError
from sync.enrolment import Offer, check_proof, new_token, read_answer, token_name, write_offer
from sync.hub import storage
from sync.hub.hub import Hub
from sync.receipt import instant_text


def offer(hub: Hub, county: str, *, address: str | None = None) -> bytes:
    """Return a new offer file for one workstation of a county; its token works once."""
    token = new_token()
    made = hub.now()
    offer = Offer(
        hub=hub.public,
        hub_name=hub.place.city,
        address=address or hub.place.address,
        certificate=hub.place.fingerprint(),
        county=county,
        token=token,
        made_at=instant_text(made),
    )
    row = {"county": county, "token": token_name(token), "secret": token, "made_ms": hub.now_ms(), "used_by": None}
    with hub.writing(county) as connection:
        connection.execute(storage.offer.insert(), row)
    return write_offer(offer, hub.place.keys)


def enrol(hub: Hub, data: bytes, *, what: str = "answer") -> dict[str, Any]:
    """Register the workstation of an answer file; the same answer again changes nothing.

    Returns:
        County, name, device and device name that are now registered.

    Raises:
        RefusedError: With the cause; nothing was registered.
    """
    answer = read_answer(data, hub=hub.key_id, what=what)
    o, d = storage.offer, storage.device
    mine = sa.and_(d.c.county == answer.county, d.c.device == answer.device)
    with hub.writing(answer.county) as connection:
        token = connection.execute(
            sa.select(o.c.secret, o.c.used_by).where(
                o.c.county == answer.county, o.c.token == str(answer.fields.get("token"))
            )
        ).first()
        if token is None or not check_proof(answer, token.secret):
            raise RefusedError("token_unknown")
        known = connection.execute(sa.select(d.c.sign_key, d.c.seal_key).where(mine)).first()
        same = known is not None and (known.sign_key, known.seal_key) == (answer.keys.sign, answer.keys.seal)
        if token.used_by is not None and not (same and token.used_by == answer.device):
            raise RefusedError("token_used", county=answer.county, device=token.used_by)
        if known is not None and not same:
            raise RefusedError("device_taken", county=answer.county, device=answer.device)
        now_ms = hub.now_ms()
        storage.put(
            connection,
            storage.county,
            [{"county": answer.county, "name": answer.name, "enrolled_ms": now_ms}],
            replace=True,
        )
        if known is None:
            connection.execute(
                d.insert(),
                {
                    "county": answer.county,
                    "device": answer.device,
                    "name": answer.device_name,
                    "sign_key": answer.keys.sign,
                    "seal_key": answer.keys.seal,
                    "epoch": answer.epoch,
                    "have": 0,
                    "head": GENESIS,
                    "enrolled_ms": now_ms,
                    "last_batch_ms": None,
                },
            )
        connection.execute(
            sa.update(o)
            .where(o.c.county == answer.county, o.c.token == answer.fields["token"])
            .values(used_by=answer.device)
        )
    return {
        "county": answer.county,
        "name": answer.name,
        "device": answer.device,
        "device_name": answer.device_name,
    }
