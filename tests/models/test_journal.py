"""The form of the journal: payloads there and back, a chain that shows every altered byte, payloads taken out."""

from __future__ import annotations

from dataclasses import fields, replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import journal
from models.journal import Change, Entry
from models.tables import TABLES

values = st.none() | st.integers(-(1 << 63), (1 << 63) - 1) | st.text(max_size=20)
changes = st.lists(
    st.builds(
        Change,
        st.sampled_from([table.name for table in TABLES]),
        st.integers(1, 1 << 50),
        st.none() | st.integers(1, 1 << 62),
        st.dictionaries(st.sampled_from(["number", "title", "state", "days"]), values, max_size=4),
    ),
    max_size=5,
)


def chain(payloads: list[bytes], device: int = 1) -> list[Entry]:
    """Return a chain over payloads, with fixed salts and instants."""
    entries, prev = [], journal.GENESIS
    for seq, payload in enumerate(payloads, start=1):
        salt = bytes([seq % 251] * journal.SALT_BYTES)
        commitment = journal.commit_payload(salt, payload)
        entry = Entry(
            device=device,
            seq=seq,
            at_ms=1_772_000_000_000 + seq,
            hlc=(1_772_000_000_000 + seq) << 20 | device,
            mono_ms=seq,
            actor=9,
            act="note",
            matter=seq if seq % 2 else None,
            payload=payload,
            salt=salt,
            commitment=commitment,
            prev=prev,
            hash=b"",
        )
        entry = replace(entry, hash=journal.entry_hash(entry))
        entries.append(entry)
        prev = entry.hash
    return entries


@given(changes)
def test_a_payload_comes_back_as_it_went(wanted: list[Change]) -> None:
    payload = journal.encode_payload(wanted)
    assert journal.decode_payload(payload) == wanted
    assert journal.encode_payload(journal.decode_payload(payload)) == payload


def test_the_order_of_columns_does_not_change_a_payload() -> None:
    one = [Change("matter", 1, None, {"title": "甲", "state": "S1"})]
    two = [Change("matter", 1, None, {"state": "S1", "title": "甲"})]
    assert journal.encode_payload(one) == journal.encode_payload(two)


@pytest.mark.parametrize(
    "content",
    [
        [["matter", 1, None]],
        [["no_such_table", 1, None, {}]],
        [["matter", "1", None, {}]],
        [["matter", 1, "2", {}]],
        [["matter", 1, None, []]],
        ["matter"],
    ],
)
def test_what_is_no_payload_is_refused_as_a_whole(content: object) -> None:
    with pytest.raises(ValueError, match=r"change|version"):
        journal.decode_payload(orjson.dumps(content))


@given(st.lists(changes, min_size=1, max_size=6).map(lambda lists: [journal.encode_payload(one) for one in lists]))
def test_a_chain_verifies_and_tells_its_head(payloads: list[bytes]) -> None:
    entries = chain(payloads)
    assert journal.check_chain(entries) == (entries[-1].hash, len(entries), None)


@given(data=st.data())
def test_any_altered_byte_of_any_field_is_found_where_it_is(data: st.DataObject) -> None:
    entries = chain([journal.encode_payload([Change("matter", n, None, {"title": f"第{n}件"})]) for n in range(1, 6)])
    place = data.draw(st.integers(0, len(entries) - 1))
    name = data.draw(st.sampled_from([field.name for field in fields(Entry)]))
    value = getattr(entries[place], name)
    if isinstance(value, bytes):
        byte = data.draw(st.integers(0, len(value) - 1))
        other: object = value[:byte] + bytes([value[byte] ^ data.draw(st.integers(1, 255))]) + value[byte + 1 :]
    elif isinstance(value, str):
        other = value + data.draw(st.text(min_size=1, max_size=2))
    else:
        other = (value or 0) + data.draw(st.integers(1, 1000))
    entries[place] = replace(entries[place], **{name: other})
    _, good, found = journal.check_chain(entries)
    assert found is not None
    assert good == place
    assert found.seq == place + 1


@given(st.sets(st.integers(0, 5)))
def test_taking_payloads_out_leaves_the_chain_whole(taken: set[int]) -> None:
    entries = chain([journal.encode_payload([Change("matter", n, None, {"title": "甲"})]) for n in range(6)])
    for place in taken:
        entries[place] = replace(entries[place], payload=None, salt=None)
    assert journal.check_chain(entries) == (entries[-1].hash, 6, None)


def test_a_payload_put_back_must_be_the_one_that_was_there() -> None:
    entries = chain([journal.encode_payload([Change("matter", 1, None, {"title": "甲"})])])
    other = journal.encode_payload([Change("matter", 1, None, {"title": "乙"})])
    _, _, found = journal.check_chain([replace(entries[0], payload=other)])
    assert found is not None
    assert found.cause == "commitment"
    _, _, found = journal.check_chain([replace(entries[0], salt=None)])
    assert found is not None
    assert found.cause == "commitment"


@pytest.mark.parametrize("gone", [0, 2, 4])
def test_a_missing_entry_is_a_gap(gone: int) -> None:
    entries = chain([b"[]"] * 6)
    _, good, found = journal.check_chain(entries[:gone] + entries[gone + 1 :])
    assert (good, found) == (gone, journal.ChainBreak(1, gone + 1, "gap"))


def test_a_chain_goes_on_from_where_it_was_verified() -> None:
    entries = chain([b"[]"] * 6)
    assert journal.check_chain(entries[3:], entries[2].hash, 4) == (entries[-1].hash, 3, None)
    _, _, found = journal.check_chain(entries[3:], entries[1].hash, 4)
    assert found == journal.ChainBreak(1, 4, "prev")


def test_absent_columns_do_not_count_in_a_row_digest() -> None:
    one = journal.row_digest("matter", 1, 5, {"title": "甲", "cause": None})
    assert one == journal.row_digest("matter", 1, 5, {"title": "甲"})
    assert one != journal.row_digest("matter", 1, 6, {"title": "甲"})
    assert one != journal.row_digest("matter", 2, 5, {"title": "甲"})
    assert one != journal.row_digest("item", 1, 5, {"title": "甲"})
