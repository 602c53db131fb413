"""Make the example files of docs/format/{batch,relay,receipt,enrolment}.md: `python -m tests.sync.examples`.

The keys are made from fixed seeds for these examples and protect nothing. Sealing is random, so the batch differs at
each making; the tests read the files that are kept.
"""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from models.device import CITY as CITY_DEVICE
from models.errors import Message
from models.journal import Entry, entry_hash
from sync.batch import read_header, write_batch
from sync.causes import words
from sync.enrolment import Offer, write_answer, write_offer
from sync.holds import HUB as HUB_NUMBER
from sync.holds import Holds, write_holds
from sync.keys import SecretKeys
from sync.receipt import Receipt, Refusal, refused_entry, write_receipt, write_refusal
from sync.relay import write_relay
from tests.sync.conftest import COUNTY, Journal

FOLDER = Path(__file__).parents[2] / "docs" / "format" / "examples"
CITY = "示例市公安局"
AT = datetime(2026, 6, 1, 1, 30, tzinfo=UTC)


def keys(name: str) -> SecretKeys:
    """Return the example keys called `name`; anyone can make them."""
    seed = hashlib.sha256(f"petition-desk example keys: {name}".encode()).digest()
    return SecretKeys(seed, seed * 2, seed)


DESK, HUB, SIBLING = keys("desk"), keys("hub"), keys("sibling")
"""A workstation (number 1), the hub, and another workstation (number 2) of the same county."""


def entries() -> list[Entry]:
    """Return the five entries of the example: two units, a matter, a change of it, one whose payload is gone."""
    journal = Journal(keys=DESK)
    journal.at_ms = int(AT.timestamp() * 1000)
    journal.unit("示例县公安局城关派出所")
    journal.unit("示例县公安局信访科")
    journal.act(
        journal.insert(
            "matter",
            number="4301812026000001",
            title="反映夜间施工噪音问题",
            received_on="2026-06-01",
            rules="REG-2022",
            state="S1",
            unit=(1 << 32) + 2,
        ),
        act="register_item",
    )
    journal.act(journal.update("matter", (1 << 32) + 1, state="S4", accepted_on="2026-06-03"), act="accept_matter")
    journal.unit("误录")
    made = journal.entries()
    # Salts are random in a register; here they are made from the number, so that commitments can be checked by hand.
    from models.journal import commit_payload

    out: list[Entry] = []
    prev = made[0].prev
    for entry in made:
        assert entry.payload is not None
        salt = hashlib.sha256(b"%d" % entry.seq).digest()[:16]
        one = dataclasses.replace(entry, salt=salt, commitment=commit_payload(salt, entry.payload), prev=prev)
        one = dataclasses.replace(one, hash=entry_hash(one))
        prev = one.hash
        out.append(one)
    out[4] = dataclasses.replace(out[4], payload=None, salt=None)
    journal.close()
    return out


def plain(entry: Entry) -> dict[str, Any]:
    """Return an entry as the examples write it: bytes as hex, the payload as its text."""
    fields: dict[str, Any] = {}
    for name in Entry.__slots__:
        value = getattr(entry, name)
        fields[name] = (
            value.decode() if name == "payload" and value else value.hex() if isinstance(value, bytes) else value
        )
    return fields


def make() -> None:
    """Write all example files."""
    made = entries()
    batch = write_batch(made, county=COUNTY, epoch=1, keys=DESK, hub=HUB.public())
    header, _ = read_header(batch)
    hub = HUB.public()
    receipt = Receipt(
        hub=hub.key_id,
        hub_name=CITY,
        county=COUNTY,
        device=1,
        epoch=1,
        first=1,
        last=5,
        head=made[-1].hash,
        batch_sha256=header.sha256,
        received_at=AT,
        refused=(refused_entry(2, "unknown_column", "unit.example"),),
        refused_total=1,
        digests={("matter", "2026-06"): (1, 2**200 + 7), ("matter", "*"): (1, 2**200 + 7)},
        holds=((1, 5),),
    )
    cut = words("cut", what=header.what, expected=2000, found=1500)
    refusal = Refusal(
        hub=hub.key_id,
        county=COUNTY,
        device=1,
        first=1,
        last=5,
        batch_sha256=header.sha256,
        code="cut",
        message=Message(cut.zh, cut.en),
    )
    token = hashlib.sha256(b"example token").digest()
    offer = Offer(
        hub=hub,
        hub_name=CITY,
        address="https://hub.example:8443",
        certificate=hashlib.sha256(b"example certificate").hexdigest(),
        county=COUNTY,
        token=token,
        made_at="2026-06-01T01:00:00.000Z",
    )
    answer = write_answer(offer, DESK, name="示例县公安局", device=1, device_name="接访窗口一", epoch=1, made_at=AT)
    files: dict[str, bytes] = {
        "batch.batch": batch,
        "batch-entries.json": orjson.dumps([plain(entry) for entry in made], option=orjson.OPT_INDENT_2),
        "relay.relay": write_relay(batch, keys=HUB, to=SIBLING.public()),
        "relay-station.holds": write_holds(
            Holds(county=COUNTY, device=2, epoch=1, holds={1: 3, 2: 8, CITY_DEVICE: 1}), SIBLING
        ),
        "relay-hub.holds": write_holds(
            Holds(county=COUNTY, device=HUB_NUMBER, epoch=0, holds={1: 5, 2: 8, CITY_DEVICE: 1}, heard={2: 1}), HUB
        ),
        "receipt.receipt": write_receipt(receipt, HUB),
        "receipt-refusal.refusal": write_refusal(refusal, HUB),
        "enrolment-offer.json": write_offer(offer, HUB),
        "enrolment-answer.answer": answer,
        "sync-keys.json": orjson.dumps(
            {
                name: {
                    "sign_seed": one.sign_seed.hex(),
                    "mlkem_seed": one.mlkem_seed.hex(),
                    "x25519_seed": one.x25519_seed.hex(),
                    "key_id": one.public().key_id,
                }
                for name, one in (("desk", DESK), ("hub", HUB), ("sibling", SIBLING))
            },
            option=orjson.OPT_INDENT_2,
        ),
    }
    for name, content in files.items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    make()
