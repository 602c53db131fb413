"""A batch gives back exactly what went in, and every way to spoil one is refused with its own cause."""

from __future__ import annotations

import hashlib
from pathlib import Path
from string import Formatter
from typing import Any

import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from models.journal import Change, check_chain, encode_payload
from sync import batch, causes
from sync.batch import open_batch, read_header, write_batch
from sync.causes import RefusedError
from sync.columns import decode_entries, encode_entries
from sync.keys import SecretKeys
from tests.sync.conftest import COUNTY, Journal, new_keys

DEVICE, HUB = new_keys(1), new_keys(2)
HUB_ID = HUB.public().key_id

values = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**64 - 1),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
)
changes = st.builds(
    Change,
    st.sampled_from(["matter", "unit", "passage"]),
    st.integers(1, 2**63 - 1),
    st.one_of(st.none(), st.integers(0, 2**63 - 1)),
    st.dictionaries(
        st.sampled_from(["name", "title", "body", "state", "x"]),
        st.one_of(values, st.lists(values, max_size=3)),
        max_size=4,
    ),
)
raw_payloads = st.one_of(
    st.binary(max_size=40),
    st.just(b'[["unit", 1, null, {}]]'),
    st.just(b"[]"),
    st.just(b'[["unit",1,null,{"b":1,"a":2}]]'),
)


def sealed(
    journal: Journal, first: int = 1, last: int | None = None, keys: SecretKeys = DEVICE, hub: SecretKeys = HUB
) -> bytes:
    return write_batch(journal.entries(first, last), county=COUNTY, epoch=1, keys=keys, hub=hub.public())


def opened(data: bytes, keys: SecretKeys = HUB, device: SecretKeys = DEVICE) -> batch.Batch:
    return open_batch(
        data, keys=keys, hub=keys.public().key_id, sign_key_of=lambda _county, _device: device.public().sign
    )


def cause(data: bytes, **keys: Any) -> str:
    with pytest.raises(RefusedError) as caught:
        opened(data, **keys)
    assert caught.value.message.zh != caught.value.message.en
    assert caught.value.exit_code == 4
    return caught.value.code


@given(st.lists(st.one_of(st.lists(changes, max_size=4), raw_payloads), min_size=1, max_size=8), st.data())
def test_decoding_gives_back_every_entry(payloads: list[Any], data: st.DataObject) -> None:
    journal = Journal()
    for payload in payloads:
        raw = payload if isinstance(payload, bytes) else encode_payload(payload)
        journal.act(raw=raw, step_ms=data.draw(st.integers(-(10**9), 10**9)))
    for seq in data.draw(st.sets(st.integers(1, journal.seq), max_size=3)):
        journal.dispose(seq)
    entries = journal.entries()
    first = data.draw(st.integers(1, journal.seq))
    prev = entries[first - 1].prev
    decoded, changed = decode_entries(encode_entries(entries[first - 1 :]), device=1, first=first, prev=prev)
    assert decoded == entries[first - 1 :]
    assert check_chain(decoded, prev, first) == (journal.head, len(decoded), None)
    for entry, own in zip(decoded, changed, strict=True):
        if own is not None:
            assert entry.payload is not None
            assert encode_payload(own) == entry.payload
    journal.close()


@given(st.binary(max_size=200))
def test_no_bytes_break_the_decoder(body: bytes) -> None:
    try:
        decode_entries(body, device=1, first=1)
    except ValueError:
        return


@given(st.data())
def test_no_well_formed_nonsense_breaks_the_decoder(data: st.DataObject) -> None:
    import msgpack

    journal = Journal()
    journal.units(3)
    parts = msgpack.unpackb(encode_entries(journal.entries()))
    place = data.draw(st.integers(0, len(parts) - 1))
    parts[place] = data.draw(
        st.recursive(
            st.one_of(st.none(), st.integers(-5, 5), st.binary(max_size=20), st.text(max_size=3)),
            lambda x: st.lists(x, max_size=4),
        )
    )
    try:
        decode_entries(msgpack.packb(parts), device=1, first=1)
    except ValueError:
        return


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (0, [[]]), (0, [7]), (2, [0, [0.5]]), (2, [0, [True]]), (3, [0, [0.5]]), (4, [0, [0.5]]), (4, [0, [1 << 63]]),
        (5, [0.5]), (5, [False]), (7, [0, [""]]), (7, [0, [0.0]]), (7, [0, [False]]),
    ],
)  # fmt: skip
def test_heads_that_no_table_can_hold_are_not_read(part: int, value: list[Any]) -> None:
    """Found by `make fuzz`: half a millisecond could be hashed, and then stopped the hub."""
    import msgpack

    journal = Journal()
    parts = msgpack.unpackb(encode_entries([journal.unit()]))
    decode_entries(msgpack.packb(parts), device=1, first=1)
    parts[part] = value
    with pytest.raises(ValueError, match=r"head of an entry|body"):
        decode_entries(msgpack.packb(parts), device=1, first=1)
    journal.close()


@pytest.mark.parametrize("payload", [1 << 40, "[]", [], None])
def test_a_payload_that_is_not_bytes_is_not_made_into_some(payload: Any) -> None:
    """Found by `make fuzz`: a number took as many bytes of the hub's memory."""
    import msgpack

    journal = Journal()
    parts = msgpack.unpackb(encode_entries([journal.act(raw=b"null")]))
    assert parts[12] == [b"null"]
    parts[12] = [payload]
    with pytest.raises(ValueError, match="not bytes"):
        decode_entries(msgpack.packb(parts), device=1, first=1)
    journal.close()


def test_a_batch_opens_to_the_same_entries_and_carries_its_range() -> None:
    journal = Journal(keys=DEVICE)
    journal.units(20)
    journal.dispose(7)
    data = sealed(journal, 5, 15)
    result = opened(data)
    assert result.entries == journal.entries(5, 15)
    assert (result.prev, result.head) == (journal.entries(5, 5)[0].prev, journal.entries(15, 15)[0].hash)
    header, start = read_header(data)
    assert (header.county, header.device, header.first, header.last, header.hub) == (COUNTY, 1, 5, 15, HUB_ID)
    assert header.size == len(data) - start


def test_the_content_is_not_readable_without_the_hubs_key() -> None:
    journal = Journal(keys=DEVICE)
    journal.unit("秘密派出所")
    data = sealed(journal)
    assert "秘密".encode() not in data
    assert b"station" not in data


def test_a_byte_altered_anywhere_is_refused() -> None:
    journal = Journal(keys=DEVICE)
    journal.units(3)
    data = sealed(journal)
    _, start = read_header(data)
    places = [*range(start), *range(start, len(data), 97), len(data) - 1]
    codes = {}
    for place in places:
        spoiled = bytearray(data)
        spoiled[place] ^= 0x01
        codes.setdefault(cause(bytes(spoiled)), []).append(place)
    assert set(codes) <= {"altered", "not_a_batch", "newer", "cut"}
    assert max(codes["not_a_batch"]) < len(batch.MAGIC)
    assert all(place >= start for place in codes["altered"] if place > 200 + start) or codes["altered"]


def test_a_file_cut_at_any_length_is_refused_as_cut() -> None:
    journal = Journal(keys=DEVICE)
    journal.units(3)
    data = sealed(journal)
    _, start = read_header(data)
    for length in [*range(1, start + 3), *range(start, len(data), 61), len(data) - 1]:
        code = cause(data[:length])
        assert code == "cut", length
    assert cause(b"") == "not_a_batch"


def test_bytes_after_the_end_are_refused() -> None:
    journal = Journal(keys=DEVICE)
    journal.unit()
    assert cause(sealed(journal) + b"x") == "altered"


def test_other_files_are_not_batches() -> None:
    assert cause(b"PK\x03\x04 some archive") == "not_a_batch"


def test_a_newer_format_is_refused_as_newer_before_anything_else_is_believed() -> None:
    journal = Journal(keys=DEVICE)
    journal.unit()
    data = sealed(journal).replace(batch.MAGIC + b"1 ", batch.MAGIC + b"2 ", 1)
    assert cause(data) == "newer"


def test_a_batch_for_another_hub_is_refused_as_foreign() -> None:
    journal = Journal(keys=DEVICE)
    journal.unit()
    other = new_keys(9)
    data = sealed(journal, hub=other)
    with pytest.raises(RefusedError) as caught:
        opened(data)
    assert caught.value.code == "foreign_hub"
    assert other.public().key_id in caught.value.message.en


def test_a_signature_of_other_keys_is_refused() -> None:
    journal = Journal(keys=DEVICE)
    journal.unit()
    assert cause(sealed(journal, keys=new_keys(8))) == "wrong_signature"


def relabelled(data: bytes, **fields: Any) -> bytes:
    """Rewrite the clear header with a right check, as one who means harm would."""
    _, start = read_header(data)
    line = data[:start].split(b"\n")[1]
    line = orjson.dumps({**orjson.loads(line), **fields}, option=orjson.OPT_SORT_KEYS)
    check = hashlib.sha256(line).hexdigest()[:16].encode()
    return batch.MAGIC + b"1 " + check + b"\n" + line + b"\n" + data[start:]


@pytest.mark.parametrize("fields", [{"county": "430182"}, {"device": 2}, {"epoch": 2}, {"first": 2}, {"last": 9}])
def test_a_label_forged_with_a_right_check_breaks_the_seal(fields: dict[str, Any]) -> None:
    journal = Journal(keys=DEVICE)
    journal.units(3)
    assert cause(relabelled(sealed(journal), **fields)) == "altered"


@pytest.mark.parametrize("fields", [{"first": 0}, {"device": "1"}, {"more": 1}, {"last": 0}])
def test_a_header_that_cannot_be_is_refused(fields: dict[str, Any]) -> None:
    journal = Journal(keys=DEVICE)
    journal.units(3)
    assert cause(relabelled(sealed(journal), **fields)) == "altered"


def forged(journal: Journal, content: bytes) -> bytes:
    """Seal and sign any content rightly, as a workstation with a fault of its own would."""
    name = batch.label(COUNTY, 1, 1, 1, journal.seq, HUB_ID)
    body = zstandard.ZstdCompressor().compress(content)
    plain = DEVICE.sign(batch.DOMAIN, name + b"\n" + hashlib.sha256(body).digest()) + body
    sealed_bytes = HUB.public().seal_to(plain, name)
    fields = {**orjson.loads(name), "size": len(sealed_bytes), "sha256": hashlib.sha256(sealed_bytes).hexdigest()}
    line = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
    check = hashlib.sha256(line).hexdigest()[:16].encode()
    return batch.MAGIC + b"1 " + check + b"\n" + line + b"\n" + sealed_bytes


def test_a_chain_that_does_not_come_out_at_its_head_is_refused() -> None:
    journal = Journal(keys=DEVICE)
    journal.units(3)
    entries = journal.entries()
    body = encode_entries(entries)
    assert opened(forged(journal, entries[0].prev + entries[-1].hash + body)).entries == entries
    assert cause(forged(journal, entries[0].prev + bytes(32) + body)) == "chain_break"
    assert cause(forged(journal, bytes([1] * 32) + entries[-1].hash + body)) == "chain_break"


def test_content_that_cannot_be_read_is_refused_as_content() -> None:
    journal = Journal(keys=DEVICE)
    journal.units(3)
    entries = journal.entries()
    start = entries[0].prev + entries[-1].hash
    assert cause(forged(journal, start + b"\xc1nonsense")) == "content"
    assert cause(forged(journal, start + encode_entries(entries[:2]))) == "content"
    assert cause(forged(journal, b"")) == "content"


def test_a_body_that_would_fill_the_memory_is_refused_before_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(keys=DEVICE)
    journal.unit("所" * 100_000)
    data = sealed(journal)
    monkeypatch.setattr(batch, "BODY_LIMIT_BYTES", 1000)
    assert cause(data) == "content"


def test_a_thousand_changed_records_take_at_most_280_bytes_each() -> None:
    from tests.bench.records import change, register

    journal = Journal(keys=DEVICE)
    change(journal, register(journal, 1000))
    data = sealed(journal, journal.seq - 999)
    assert len(data) / 1000 <= 280


def test_every_cause_has_words_in_both_languages() -> None:
    for code in causes.codes():
        named = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in causes._CAUSES[code]]
        assert named[0] == named[1], code
        message = causes.words(code, **dict.fromkeys(named[0], "7"))
        assert any("\u4e00" <= character <= "\u9fff" for character in message.zh), code
        assert message.en.isascii(), code


def test_the_reader_never_needs_more_than_the_clear_header_to_name_a_file(tmp_path: Path) -> None:
    journal = Journal(keys=DEVICE)
    journal.units(2)
    data = sealed(journal)
    _, start = read_header(data)
    assert read_header(data[:start])[0].what == f"{COUNTY}/1-1-2"
