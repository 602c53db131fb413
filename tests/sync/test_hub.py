"""The hub takes batches in any order, any number of times, keeps what it refuses, and proves its tables from its
evidence."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa

from models import errors
from models.errors import RegisterDamagedError, StorageError
from models.journal import Change
from sync import joining, outbox
from sync.batch import write_batch
from sync.causes import RefusedError
from sync.documents import sign_document
from sync.enrolment import ANSWER
from sync.hub import checks, registry, storage
from sync.hub.hub import Hub
from sync.outbox import desk_buckets
from tests.sync.conftest import CITY, COUNTY, Journal, enrol, held, new_keys


def sealed(journal: Journal, hub: Hub, first: int = 1, last: int | None = None) -> bytes:
    return write_batch(
        journal.entries(first, last),
        county=COUNTY,
        epoch=journal.station.epoch,
        keys=journal.station.keys,
        hub=hub.public,
    )


def agree(journal: Journal, hub: Hub) -> bool:
    return {k: v for k, v in hub.digests(COUNTY).items() if v[0]} == desk_buckets(journal.connection)


def test_a_batch_is_applied_and_receipted_with_the_chain_head(joined: Journal, hub: Hub) -> None:
    joined.units(5)
    outcome = hub.ingest(sealed(joined, hub))
    assert outcome.state == "receipted"
    receipt = outbox.take_receipt(joined.connection, joined.station, outcome.documents[0], at_ms=1)
    assert (receipt.last, receipt.head) == (5, joined.head)
    assert [row["name"] for row in held(hub, COUNTY, "unit").values()] == [f"第{n}派出所" for n in range(5)]
    assert agree(joined, hub)


def test_the_same_batch_again_changes_nothing_and_gets_the_same_receipt(joined: Journal, hub: Hub) -> None:
    joined.units(5)
    data = sealed(joined, hub)
    first = hub.ingest(data)
    before = checks.report(hub)
    assert hub.ingest(data).documents == first.documents
    assert hub.ingest(sealed(joined, hub)).documents == first.documents, "the same range, sealed anew"
    assert checks.report(hub) == before
    assert agree(joined, hub)


def test_ranges_that_overlap_are_taken_once(joined: Journal, hub: Hub) -> None:
    joined.units(10)
    for first, last in ((1, 4), (1, 7), (3, 5), (6, 10), (2, 9)):
        assert hub.ingest(sealed(joined, hub, first, last)).state == "receipted"
    assert hub.position(COUNTY, 1).have == 10
    assert agree(joined, hub)
    assert checks.verify(hub).faults == []


def test_a_gap_is_named_and_what_comes_after_waits_for_it(joined: Journal, hub: Hub) -> None:
    joined.units(9)
    assert hub.ingest(sealed(joined, hub, 7, 9)).missing == ((1, 6),)
    outcome = hub.ingest(sealed(joined, hub, 4, 5))
    assert (outcome.state, outcome.missing) == ("waiting", ((1, 3), (6, 6)))
    assert held(hub, COUNTY, "unit") == {}
    assert checks.report(hub)["counties"][0]["devices"][0]["missing"] == [[1, 3], [6, 6]]
    outcome = hub.ingest(sealed(joined, hub, 1, 3))
    assert (outcome.state, len(outcome.documents)) == ("receipted", 2)
    assert hub.position(COUNTY, 1).missing == ((6, 6),)
    assert len(hub.ingest(sealed(joined, hub, 6, 6)).documents) == 2
    position = hub.position(COUNTY, 1)
    assert (position.have, position.missing, position.waiting, position.newest_last) == (9, (), 0, 9)
    assert agree(joined, hub)
    assert checks.verify(hub).faults == []


def test_what_waits_is_applied_after_a_restart_when_its_gap_had_closed(
    joined: Journal, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined.units(4)
    hub.ingest(sealed(joined, hub, 3, 4))
    monkeypatch.setattr(Hub, "_release", lambda *_: [])  # as if killed between the two transactions
    hub.ingest(sealed(joined, hub, 1, 2))
    monkeypatch.undo()
    assert hub.position(COUNTY, 1).have == 2
    hub.close()
    with Hub.open(hub.place.folder) as again:
        assert again.position(COUNTY, 1).have == 4


def test_a_stranger_is_refused_and_does_not_fill_the_disk(hub: Hub, joined: Journal) -> None:
    stranger, other = Journal(device=2), Journal(county="430182")
    stranger.unit()
    other.unit()
    assert hub.ingest(sealed(stranger, hub)).code == "unknown_device"
    data = write_batch(other.entries(), county="430182", epoch=1, keys=other.station.keys, hub=hub.public)
    outcome = hub.ingest(data)
    assert (outcome.code, outcome.documents) == ("unknown_county", ())
    with hub.reading() as connection:
        assert connection.execute(sa.select(sa.func.max(sa.func.length(storage.refused.c.raw)))).scalar() == 0


def test_a_refused_batch_is_kept_with_its_cause_and_the_next_flows(joined: Journal, hub: Hub) -> None:
    joined.units(3)
    data = sealed(joined, hub)
    for spoiled, code in ((data[:-5], "cut"), (data[:-1] + bytes([data[-1] ^ 1]), "altered")):
        assert hub.ingest(spoiled).code == code
        assert hub.ingest(spoiled).code == code
    refused = checks.report(hub)["counties"][0]["refused"]
    assert sorted((one["code"], one["times"]) for one in refused) == [("altered", 2), ("cut", 2)]
    assert hub.ingest(data).state == "receipted"


def test_a_register_restored_from_an_old_backup_is_told_so(joined: Journal, hub: Hub) -> None:
    joined.units(3)
    hub.ingest(sealed(joined, hub))
    keys = joined.station.keys
    restored = Journal(keys=keys)  # the same workstation with another past
    restored.units(6)
    for first, last in ((4, 6), (2, 5), (1, 3), (2, 3)):
        outcome = hub.ingest(sealed(restored, hub, first, last))
        assert (outcome.state, outcome.code) == ("refused", "fork"), (first, last)
    assert agree(joined, hub)


def test_a_first_batch_that_does_not_begin_at_the_beginning_of_a_chain_is_refused(joined: Journal, hub: Hub) -> None:
    joined.units(2)
    import dataclasses

    entries = [dataclasses.replace(joined.entries()[1], seq=1)]
    from models.journal import entry_hash

    entries[0] = dataclasses.replace(entries[0], hash=entry_hash(entries[0]))
    data = write_batch(entries, county=COUNTY, epoch=1, keys=joined.station.keys, hub=hub.public)
    assert hub.ingest(data).code == "chain_break"


BAD = [
    (b'{"not": "a list"}', "bad_payload"),
    (b"\xff\xfe", "bad_payload"),
    (b'[["unit",1,null]]', "bad_payload"),
    (b'[["unit","1",null,{}]]', "bad_payload"),
    (b'[["unit",4294967400,null,{"closed":2,"kind":"station","name":"x"}]]', "bad_payload"),
    (b'[["unit",4294967400,null,{"kind":1,"name":"x"}]]', "bad_payload"),
    (b'[["matter",4294967400,null,{"received_on":"2026-6-1"}]]', "bad_payload"),
    (b'[["setting",4294967400,null,{"name":"x","value":"{"}]]', "bad_payload"),
    (b'[["unit",4294967400,null,{"risk_level":"high"}]]', "unknown_column"),
    (b'[["unit",18446744073709551615,null,{"name":"x"}]]', "bad_payload"),
    (b'[["unit",4294967400,null,{"kind":"station","name":"a\\u0000b"}]]', "bad_payload"),
    (b'[["unit",4294967400,[1,2],{"name":"x"}]]', "bad_payload"),
    (b'[["unit",4294967400,["1"],{"name":"x"}]]', "bad_payload"),
    (b'[["unit",4294967400,"1",{"name":"x"}]]', "bad_payload"),
    (b'[["unit",4294967400,true,{"name":"x"}]]', "bad_payload"),
    (b'[["unit",4294967400,null,{"a\\u0000b":"x"}]]', "unknown_column"),
    (b'[["a\\u0000b",4294967400,null,{"name":"x"}]]', "unknown_column"),
    (b'[["unit",4294967297,null,{"kind":"station","name":"x"}]]', "row_exists"),
]


def test_an_entry_whose_act_no_engine_can_hold_is_refused_with_its_batch(joined: Journal, hub: Hub) -> None:
    joined.unit("前")
    joined.act(act="a\0b")
    outcome = hub.ingest(sealed(joined, hub))
    assert (outcome.state, outcome.code) == ("refused", "content")
    assert hub.ingest(sealed(joined, hub, 1, 1)).state == "receipted"


@pytest.mark.parametrize("field", ["county", "device", "epoch", "last"])
def test_a_strangers_header_that_no_engine_can_hold_is_refused(field: str, joined: Journal, hub: Hub) -> None:
    joined.unit()
    magic, line, sealed_ = sealed(joined, hub).split(b"\n", 2)
    fields = orjson.loads(line)
    fields[field] = "43\0" if field == "county" else (1 << 64) - 1
    line = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
    check = hashlib.sha256(line).hexdigest()[:16].encode()
    outcome = hub.ingest(magic.rsplit(b" ", 1)[0] + b" " + check + b"\n" + line + b"\n" + sealed_)
    assert (outcome.state, outcome.code) == ("refused", "altered")


@pytest.mark.parametrize("field", ["county", "name", "device_name", "token", "epoch"])
def test_an_answer_that_no_engine_can_hold_is_refused(field: str, journal: Journal, hub: Hub) -> None:
    answer = joining.accept_offer(journal, registry.offer(hub, COUNTY), at=datetime(2026, 6, 1, tzinfo=UTC))
    fields = {n: v for n, v in orjson.loads(answer).items() if n not in ("kind", "format", "signature")}
    fields[field] = 1 << 63 if field == "epoch" else "某\0"
    with pytest.raises(RefusedError) as refused:
        registry.enrol(hub, sign_document(ANSWER, fields, journal.station.keys))
    assert refused.value.code == "altered"


@pytest.mark.parametrize(("payload", "code"), BAD)
def test_an_entry_that_cannot_be_taken_waits_in_quarantine_and_the_rest_flows(
    payload: bytes, code: str, joined: Journal, hub: Hub
) -> None:
    joined.unit("前")
    joined.act(raw=payload)
    joined.unit("后")
    outcome = hub.ingest(sealed(joined, hub))
    assert outcome.state == "receipted"
    receipt = outbox.take_receipt(joined.connection, joined.station, outcome.documents[0], at_ms=1)
    assert [(line.seq, line.code) for line in receipt.refused] == [(2, code)]
    assert sorted(row["name"] for row in held(hub, COUNTY, "unit").values()) == ["前", "后"]
    assert joined.connection.execute("SELECT seq, code FROM sync_refused").fetchall() == [(2, code)]
    assert hub.position(COUNTY, 1).have == 3
    assert checks.retry_quarantine(hub) == (0, 1)


def test_a_quarantined_entry_is_taken_whole_or_not_at_all(joined: Journal, hub: Hub) -> None:
    joined.act(raw=b'[["unit",4294967400,null,{"kind":"station","name":"x"}],["unit",4294967401,null,{"nope":1}]]')
    hub.ingest(sealed(joined, hub))
    assert held(hub, COUNTY, "unit") == {}


def test_quarantine_is_emptied_when_its_cause_is_gone(
    joined: Journal, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models import checking

    full = dict(checking.KINDS["unit"])
    monkeypatch.setitem(
        checking.KINDS, "unit", {k: v for k, v in full.items() if k != "police"}
    )  # a hub older than the desk
    joined.act(joined.insert("unit", name="新栏", kind="station", police="05"))
    hub.ingest(sealed(joined, hub))
    assert not agree(joined, hub)
    monkeypatch.setitem(checking.KINDS, "unit", full)
    assert checks.retry_quarantine(hub) == (1, 0)
    assert agree(joined, hub)
    assert checks.verify(hub).faults == []


def test_entries_whose_payload_is_gone_pass_and_keep_the_chain(joined: Journal, hub: Hub) -> None:
    joined.units(3)
    joined.dispose(2)
    assert hub.ingest(sealed(joined, hub)).state == "receipted"
    assert hub.position(COUNTY, 1).head == joined.head
    assert len(held(hub, COUNTY, "unit")) == 2


def test_two_workstations_merge_in_any_order_and_their_conflict_is_kept(hub: Hub, joined: Journal) -> None:
    second = Journal(device=2)
    enrol(second, hub)
    joined.act(
        joined.insert("matter", number="1", title="原", received_on="2026-06-01", rules="REG-2022", state="S0", unit=1)
    )
    row = joined.rows["matter", (1 << 32) + 1]
    second.rows["matter", (1 << 32) + 1] = row
    second.at_ms += 50_000
    joined.act(joined.update("matter", (1 << 32) + 1, title="一", state="S1"))
    second.act(second.update("matter", (1 << 32) + 1, title="二", cause="因"))
    data = write_batch(second.entries(), county=COUNTY, epoch=1, keys=second.station.keys, hub=hub.public)
    assert hub.ingest(data).state == "receipted"  # the change comes before the row it changes
    assert hub.digests(COUNTY) == {}
    assert hub.ingest(sealed(joined, hub)).state == "receipted"
    (matter,) = held(hub, COUNTY, "matter").values()
    assert (matter["title"], matter["state"], matter["cause"]) == ("二", "S1", "因")
    with hub.reading() as connection:
        (line,) = connection.execute(sa.select(storage.conflict)).mappings().all()
    assert (line["column_name"], line["kept"], line["other"], line["statutory"]) == ("title", '"二"', '"一"', 0)
    assert checks.verify(hub).faults == []


def test_verify_finds_a_row_that_was_altered_by_hand(joined: Journal, hub: Hub) -> None:
    joined.units(3)
    hub.ingest(sealed(joined, hub))
    with hub.writing() as connection:
        connection.execute(
            sa.update(storage.ROWS["unit"]).where(storage.ROWS["unit"].c.id == (1 << 32) + 2).values(name="改")
        )
    faults = [en for _, en in checks.verify(hub).faults]
    assert any("digest does not fit" in fault for fault in faults)
    assert any("differ from those made" in fault for fault in faults)


def test_verify_finds_a_kept_batch_that_is_missing(joined: Journal, hub: Hub) -> None:
    joined.units(4)
    hub.ingest(sealed(joined, hub, 1, 2))
    hub.ingest(sealed(joined, hub, 3, 4))
    with hub.writing() as connection:
        connection.execute(sa.delete(storage.batch).where(storage.batch.c.first == 1))
    assert any("entries 1 to 2 is missing" in en for _, en in checks.verify(hub).faults)


def test_the_database_is_encrypted_and_its_key_file_protected(journal: Journal, file_hub: Hub) -> None:
    hub = file_hub
    enrol(journal, hub)
    journal.unit("明文派出所")
    hub.ingest(sealed(journal, hub))
    hub.close()
    for path in hub.place.folder.iterdir():
        assert "明文".encode() not in path.read_bytes(), path
    assert hub.place.database.read_bytes()[:15] != b"SQLite format 3"
    secret = hub.place.folder / "hub.key"
    assert secret.stat().st_mode & 0o777 == 0o600
    secret.chmod(0o644)
    with pytest.raises(StorageError, match="chmod 600"):
        Hub.open(hub.place.folder)


def test_a_wrong_key_and_a_newer_database_are_told_apart(file_hub: Hub, tmp_path: Path) -> None:
    hub = file_hub
    with hub.writing() as connection:
        connection.execute(sa.update(storage.meta).values(value="99"))
    hub.close()
    with pytest.raises(errors.RegisterNewerError):
        Hub.open(hub.place.folder)
    with pytest.raises(RegisterDamagedError):
        storage.open_engine(hub.place.database, bytes(32))
    with pytest.raises(errors.NoRegisterError):
        Hub.open(tmp_path / "nowhere")
    with pytest.raises(StorageError):
        Hub.create(hub.place.folder, city=CITY, address="https://x")


def test_no_table_lacks_the_county_as_its_first_key() -> None:
    for table in storage.metadata.tables.values():
        if table is not storage.meta:
            assert next(iter(table.primary_key)).name == "county", table.name


def test_a_change_without_a_seen_row_is_only_a_birth() -> None:
    assert Change("unit", 1, None, {}).seen is None
    assert new_keys(1).public().key_id != new_keys(2).public().key_id


def test_verify_speaks_of_one_state_while_batches_come_in(
    joined: Journal, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined.units(2)
    hub.ingest(sealed(joined, hub))
    joined.units(2)
    later, open_batch = [sealed(joined, hub, 3)], checks.open_batch

    def meanwhile(*words: object, **named: object) -> object:
        if later:
            assert hub.ingest(later.pop()).state == "receipted"
        return open_batch(*words, **named)

    monkeypatch.setattr(checks, "open_batch", meanwhile)
    verdict = checks.verify(hub)
    assert (verdict.entries, verdict.faults) == (2, [])
    assert checks.verify(hub).entries == 4
