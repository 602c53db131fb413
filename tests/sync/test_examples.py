"""The example files of docs/format/ are what the documents say, and stay readable for ever."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from models.journal import GENESIS, check_chain
from sync import causes
from sync.batch import open_batch, read_header
from sync.enrolment import check_proof, read_answer, read_offer
from sync.holds import read_holds
from sync.keys import SecretKeys
from sync.receipt import read_receipt, read_refusal
from sync.relay import open_relay, read_relay_header
from tests.sync.conftest import COUNTY
from tests.sync.examples import plain

FORMAT = Path(__file__).parents[2] / "docs" / "format"
EXAMPLES = FORMAT / "examples"


def example(name: str) -> bytes:
    return (EXAMPLES / name).read_bytes()


def keys(name: str) -> SecretKeys:
    fields = orjson.loads(example("sync-keys.json"))[name]
    one = SecretKeys(*(bytes.fromhex(fields[part]) for part in ("sign_seed", "mlkem_seed", "x25519_seed")))
    assert one.public().key_id == fields["key_id"]
    return one


def test_the_example_batch_opens_to_the_entries_beside_it() -> None:
    desk, hub = keys("desk"), keys("hub")
    batch = open_batch(
        example("batch.batch"), keys=hub, hub=hub.public().key_id, sign_key_of=lambda _c, _d: desk.public().sign
    )
    assert [plain(entry) for entry in batch.entries] == orjson.loads(example("batch-entries.json"))
    assert check_chain(batch.entries, GENESIS)[2] is None
    assert batch.entries[4].payload is None


def test_the_example_header_is_as_the_document_says() -> None:
    data = example("batch.batch")
    header, start = read_header(data)
    first, second = data[:start].split(b"\n")[:2]
    assert first == b"PETITION-DESK-BATCH 1 " + hashlib.sha256(second).hexdigest()[:16].encode()
    assert orjson.loads(second)["sha256"] == hashlib.sha256(data[start:]).hexdigest()
    assert header.size == len(data) - start


def test_the_example_relay_holds_the_same_entries_for_another_workstation() -> None:
    desk, hub, sibling = keys("desk"), keys("hub"), keys("sibling")
    data = example("relay.relay")
    batch = open_relay(
        data, keys=sibling, county=COUNTY, hub=hub.public().key_id, sign_key_of=lambda _author: desk.public().sign
    )
    assert [plain(entry) for entry in batch.entries] == orjson.loads(example("batch-entries.json"))
    header, start = read_relay_header(data)
    first, second = data[:start].split(b"\n")[:2]
    assert first == b"PETITION-DESK-RELAY 1 " + hashlib.sha256(second).hexdigest()[:16].encode()
    assert header.to == sibling.public().key_id
    assert header.batch.label() == read_header(example("batch.batch"))[0].label()


def test_the_example_documents_of_what_is_held_are_their_writers() -> None:
    station = read_holds(
        example("relay-station.holds"), sign_public=keys("sibling").public().sign, county=COUNTY, device=2
    )
    assert dict(station.holds) == {1: 3, 2: 8, 4095: 1}
    hub = read_holds(example("relay-hub.holds"), sign_public=keys("hub").public().sign, county=COUNTY, device=0)
    assert (dict(hub.holds), dict(hub.heard)) == ({1: 5, 2: 8, 4095: 1}, {2: 1})


def test_the_example_receipt_and_refusal_are_the_hubs() -> None:
    hub = keys("hub").public()
    receipt = read_receipt(example("receipt.receipt"), hub=hub.key_id, sign_public=hub.sign)
    header, _ = read_header(example("batch.batch"))
    assert (receipt.county, receipt.last, receipt.batch_sha256) == (COUNTY, 5, header.sha256)
    assert receipt.head.hex() == orjson.loads(example("batch-entries.json"))[-1]["hash"]
    refusal = read_refusal(example("receipt-refusal.refusal"), hub=hub.key_id, sign_public=hub.sign)
    assert (refusal.code, refusal.batch_sha256) == ("cut", header.sha256)


def test_the_example_answer_answers_the_example_offer() -> None:
    offer = read_offer(example("enrolment-offer.json"), county=COUNTY)
    answer = read_answer(example("enrolment-answer.answer"), hub=offer.hub.key_id)
    assert check_proof(answer, offer.token)
    assert answer.keys == keys("desk").public()


def rows(document: str) -> set[str]:
    """Return the names in the first column of a document's tables."""
    return set(re.findall(r"^\| `([a-z_0-9]+)`", (FORMAT / document).read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize(
    ("document", "examples"),
    [
        ("receipt.md", ["receipt.receipt", "receipt-refusal.refusal"]),
        ("relay.md", ["relay-station.holds", "relay-hub.holds"]),
        ("enrolment.md", ["enrolment-offer.json", "enrolment-answer.answer"]),
    ],
)
def test_every_field_is_documented(document: str, examples: list[str]) -> None:
    for name in examples:
        fields: dict[str, Any] = orjson.loads(example(name))
        assert set(fields) <= rows(document), name


def test_every_header_field_and_every_cause_is_documented() -> None:
    data = example("batch.batch")
    assert set(orjson.loads(data.split(b"\n")[1])) <= rows("batch.md")
    assert set(orjson.loads(example("relay.relay").split(b"\n")[1])) <= rows("relay.md")
    assert set(causes.codes()) <= rows("batch.md")
