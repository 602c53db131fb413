"""What the hub says of itself: the report for people, and the proof of its tables from the batches it keeps.

`verify` opens every kept batch again, follows each workstation's chain from its first entry to the head that was
countersigned, lays all entries over empty tables in the order of their range, and compares row by row with the tables
as they stand. Nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from models.device import CITY
from models.hlc import month_of
from models.journal import DIGEST_MODULUS, GENESIS, SEALED, Entry, row_digest
from models.tables import BY_NAME, TABLES
from sync import agreement
from sync.batch import Batch, open_batch
from sync.causes import RefusedError
from sync.hub import files, held, storage
from sync.hub.hub import Hub
from sync.hub.rows import Applier


@dataclass(slots=True, kw_only=True)
class Verdict:
    """Outcome of `verify`; `faults` are sentences (Chinese, English), empty when all is well."""

    batches: int = 0
    entries: int = 0
    rows: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def report(hub: Hub) -> dict[str, Any]:
    """Return the state of the hub: counties, workstations, gaps, what waits for a person, rows held."""
    counties: list[dict[str, Any]] = []
    with hub.reading() as connection:
        for code, name in connection.execute(
            sa.select(storage.county.c.county, storage.county.c.name).order_by(storage.county.c.county)
        ):
            counties.append({"county": code, "name": name, **_county(connection, code)})
        unaddressed = _count(connection, storage.refused, storage.refused.c.county == "")
    for one in counties:
        for station in one["devices"]:
            position = hub.position(one["county"], station["device"])
            station["missing"] = [list(gap) for gap in position.missing]
            station["waiting"] = position.waiting
    return {
        "hub": hub.key_id, "city": hub.place.city, "address": hub.place.address, "certificate": hub.place.fingerprint(),
        "counties": counties, "refused_unaddressed": unaddressed,
    }  # fmt: skip


def _county(connection: sa.Connection, code: str) -> dict[str, Any]:
    d, g = storage.device, storage.digest
    devices = [
        {"device": number, "name": name, "have": have, "epoch": epoch, "last_batch_ms": at}
        for number, name, have, epoch, at in connection.execute(
            sa.select(d.c.device, d.c.name, d.c.have, d.c.epoch, d.c.last_batch_ms)
            .where(d.c.county == code, d.c.device != CITY)
            .order_by(d.c.device)
        )
    ]
    rows = connection.execute(
        sa.select(g.c.table_name, g.c.rows)
        .where(g.c.county == code, g.c.month == agreement.WHOLE)
        .order_by(g.c.table_name)
    )
    quarantine = [
        {"device": device, "seq": seq, "code": cause, "zh": zh, "en": en}
        for device, seq, cause, zh, en in connection.execute(
            sa.select(*(storage.quarantine.c[name] for name in ("device", "seq", "code", "zh", "en")))
            .where(storage.quarantine.c.county == code)
            .order_by(storage.quarantine.c.device, storage.quarantine.c.seq)
        )
    ]
    refused = [
        {"device": device, "first": first, "last": last, "code": cause, "zh": zh, "en": en, "times": times}
        for device, first, last, cause, zh, en, times in connection.execute(
            sa.select(*(storage.refused.c[name] for name in ("device", "first", "last", "code", "zh", "en", "times")))
            .where(storage.refused.c.county == code)
            .order_by(storage.refused.c.noted_ms, storage.refused.c.sha256)
        )
    ]
    return {
        "devices": devices,
        "rows": {table: int(count) for table, count in rows},
        "quarantine": quarantine,
        "refused": refused,
        "conflicts": held.open_conflicts(connection, code),
    }


def _count(connection: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool]) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(where)).scalar_one())


def verify(hub: Hub) -> Verdict:
    """Check the whole hub against the evidence it keeps: one state of it, whatever a server takes meanwhile."""
    verdict = Verdict()
    scratch = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    storage.metadata.create_all(scratch)
    d = storage.device
    try:
        with hub.reading() as connection, scratch.begin() as rebuilt:
            stations = connection.execute(sa.select(d.c.county, d.c.device).order_by(d.c.county, d.c.device)).all()
            for county, device in stations:
                _follow(hub, connection, county, device, verdict, rebuilt)
            if connection.dialect.name == "sqlite":
                for line in connection.exec_driver_sql("PRAGMA cipher_integrity_check"):
                    _fault(
                        verdict, f"数据库页面校验失败：{line[0]}", f"A page of the database fails its check: {line[0]}"
                    )
            for county in sorted({county for county, _ in stations}):
                _compare_rows(connection, rebuilt, county, verdict)
    finally:
        scratch.dispose()
    for county, name in files.damaged(hub):
        _fault(
            verdict,
            f"{county} 的文件 {name[:12]} 内容与其校验值不符，请从备份恢复",
            f"File {name[:12]} of {county} is not what its name says: restore it from a backup",
        )
    return verdict


def _fault(verdict: Verdict, zh: str, en: str) -> None:
    verdict.faults.append((zh, en))


def _follow(
    hub: Hub, connection: sa.Connection, county: str, device: int, verdict: Verdict, rebuilt: sa.Connection
) -> None:
    """Follow one workstation's chain through its kept batches, laying its entries over the scratch tables."""
    t = storage.batch
    mine = (t.c.county == county, t.c.device == device, t.c.state == "applied")
    ranges = connection.execute(
        sa.select(t.c.first, t.c.last, t.c.sha256).where(*mine).order_by(t.c.first, t.c.last)
    ).all()
    stated = held.have(connection, county, device)
    reached, head = 0, GENESIS
    for first, last, sha256 in ranges:
        raw = connection.execute(sa.select(t.c.raw).where(*mine, t.c.sha256 == sha256)).scalar_one()
        verdict.batches += 1
        try:
            opened = open_batch(raw, keys=hub.place.keys, hub=hub.key_id, sign_key_of=hub.sign_key)
        except RefusedError as error:
            _fault(verdict, error.message.zh, error.message.en)
            continue
        if last <= reached:
            continue  # another batch covered it
        if first > reached + 1:
            _fault(
                verdict,
                f"{county}/{device} 缺少第 {reached + 1} 至 {first - 1} 条的封存批次。",
                f"{county}/{device}: the kept batch with entries {reached + 1} to {first - 1} is missing.",
            )
        skip = max(0, reached + 1 - first)
        if (opened.entries[skip - 1].hash if skip else opened.prev) != head:
            _fault(verdict, f"{county}/{device} 第 {reached + 1} 条与前一条不衔接。",
                   f"{county}/{device}: entry {reached + 1} does not follow from the one before.")  # fmt: skip
        _lay(rebuilt, county, opened, skip)
        verdict.entries += len(opened.entries) - skip
        reached, head = last, opened.head
    if (reached, head) != stated:
        _fault(verdict, f"{county}/{device} 的封存批次到第 {reached} 条，而登记为第 {stated[0]} 条。",
               f"{county}/{device}: the kept batches reach entry {reached}, the hub says {stated[0]}.")  # fmt: skip


def _lay(rebuilt: sa.Connection, county: str, opened: Batch, skip: int) -> None:
    applier = Applier(rebuilt, county, now_ms=0)
    applier.apply(opened.entries[skip:], opened.changes[skip:])
    applier.finish()


def _compare_rows(connection: sa.Connection, rebuilt: sa.Connection, county: str, verdict: Verdict) -> None:
    """Compare the rows and digests of a county as they stand with those made from the evidence."""
    stated, counted = held.buckets(connection, county), digests_of_rows(connection, county)
    for difference in agreement.compare(stated, {**counted, **_opaque(stated)}).differences:
        where = f"{county} {difference.table} {difference.month}"
        _fault(verdict, f"{where} 的摘要与记录不符。", f"{where}: the digest does not fit the rows.")
    for difference in agreement.compare(
        held.whole_tables(connection, county), agreement.whole_tables(stated)
    ).differences:
        where = f"{county} {difference.table}"
        _fault(
            verdict, f"{where} 的总摘要与各月摘要不符。", f"{where}: the digest of the table does not fit its months."
        )
    made = held.buckets(rebuilt, county)
    for difference in agreement.compare({**counted, **_opaque(stated)}, made).differences:
        where = f"{county} {difference.table} {difference.month}"
        _fault(
            verdict,
            f"{where} 的记录与封存批次重建的结果不符。",
            f"{where}: the rows differ from those made from the kept batches.",
        )
    verdict.rows += sum(rows for rows, _ in counted.values())


def _opaque(buckets: agreement.Buckets) -> agreement.Buckets:
    """Return the buckets of what is sealed by key: there are no rows of it, only the kept batches can prove them."""
    return {name: value for name, value in buckets.items() if name[0] == SEALED}


def digests_of_rows(connection: sa.Connection, county: str) -> dict[tuple[str, str], tuple[int, int]]:
    """Return number and digest of a county's rows by table and month, from the rows themselves."""
    out: dict[tuple[str, str], tuple[int, int]] = {}
    for table in TABLES:
        columns = storage.ROWS[table.name]
        names = BY_NAME[table.name].names
        for _, row, born, rev, _, *values in connection.execute(sa.select(columns).where(columns.c.county == county)):
            if born is None:
                continue
            rows, total = out.get((table.name, month_of(born)), (0, 0))
            digest = row_digest(table.name, row, rev, dict(zip(names, values, strict=True)))
            out[table.name, month_of(born)] = (rows + 1, (total + digest) % DIGEST_MODULUS)
    return out


def retry_quarantine(hub: Hub) -> tuple[int, int]:
    """Try the quarantined entries again (after an upgrade, or once a row they clash with is settled).

    Returns:
        How many were taken, and how many still wait.
    """
    q = storage.quarantine
    taken = waiting = 0
    with hub.writing() as connection:
        rows = connection.execute(sa.select(q).order_by(q.c.county, q.c.device, q.c.seq)).all()
        for row in rows:
            entry = Entry(
                device=row.device,
                seq=row.seq,
                at_ms=0,
                hlc=row.hlc,
                mono_ms=-1,
                actor=0,
                act="",
                matter=None,
                payload=row.payload,
                salt=None,
                commitment=b"",
                prev=b"",
                hash=b"",
            )
            applier = Applier(connection, row.county, now_ms=hub.now_ms())
            applier.apply([entry], [None])
            applier.finish()
            if applier.refused:
                waiting += 1
                continue
            mine = (q.c.county == row.county, q.c.device == row.device, q.c.seq == row.seq)
            connection.execute(sa.delete(q).where(*mine))
            taken += 1
    return taken, waiting
