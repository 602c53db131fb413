"""What of the sync waits for a person: refused batches and entries, documents that could not be used, forked entries.

Nothing that is refused is dropped; it waits where it is until its cause is gone. Each thing says what it is, why it
waits, and what mends it. Words of a *repair*:

- `again`: the next round tries by itself, nothing has to be done first;
- `retry`: `models.arrivals.retry` tries it again, after an update or once what was in the way is gone;
- `correct`: a person corrects the matter with a new act, which goes up like any other;
- `repair`: own entries that the hub knows otherwise, after an old backup was put back (`petition-desk repair`);
- `keep`: kept as evidence; the sender is told and sends anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from models import acts
from models.errors import Message
from sync.port import Connection, Station

Kind = Literal["batch", "entry", "arrived", "document", "forked"]
Repair = Literal["again", "retry", "correct", "repair", "keep"]
MOST = 500
"""Things listed of each kind; a register with more has one cause for them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits.

    Attributes:
        kind: A refused batch of ours, an own entry in the hub's quarantine, an entry from elsewhere that could not be
            laid, a document that could not be used, an own entry that the hub knows otherwise.
        what: What it is, in words.
        cause: Why it waits, and what to do.
        matter: The matter it belongs to, where it is one.
        noted_at: Since when, aware.
        repair: What mends it.
    """

    kind: Kind
    what: Message
    cause: Message
    matter: int | None
    noted_at: datetime
    repair: Repair


def waiting(connection: Connection, station: Station) -> tuple[Waiting, ...]:
    """Return what waits for a person, the newest of each kind first."""
    return (
        *_forked(connection),
        *_arrived(connection),
        *_entries(connection, station),
        *_batches(connection),
        *_documents(connection),
    )


def count(connection: Connection) -> int:
    """Return how many things wait, of all kinds."""
    total: int = connection.execute(
        "SELECT (SELECT count(*) FROM sync_forked WHERE again IS NULL) + (SELECT count(*) FROM quarantine)"
        " + (SELECT count(*) FROM sync_refused) + (SELECT count(*) FROM sync_batch WHERE state='refused')"
        " + (SELECT count(*) FROM sync_aside)"
    ).fetchone()[0]
    return total


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _named(device: int, seq: int, act: str | None) -> Message:
    """Return an entry's name: its act in words, its workstation and number."""
    zh, en = (acts.word(act, "zh"), acts.word(act, "en")) if act else ("", "")
    return Message(f"{zh}（{device} 号工作站第 {seq} 条）", f"{en} (workstation {device}, entry {seq})".strip())


def _forked(connection: Connection) -> list[Waiting]:
    cause = Message(
        "由旧备份恢复后另行登记的内容，与市局已收到的同号流水不同。两份都保留着；请退出程序后运行 "
        "petition-desk repair，内容将重新登记。",
        "Entered after an old backup was put back; the city holds something else under this number. Both are kept: "
        "close the window and run petition-desk repair, and the content is entered again.",
    )
    rows = connection.execute(
        "SELECT device, seq, noted_ms FROM sync_forked WHERE again IS NULL ORDER BY noted_ms DESC, seq LIMIT ?", (MOST,)
    )
    return [
        Waiting(
            kind="forked", what=_named(device, seq, None), cause=cause, matter=None, noted_at=_at(ms), repair="repair"
        )
        for device, seq, ms in rows
    ]


def _arrived(connection: Connection) -> list[Waiting]:
    rows = connection.execute(
        "SELECT q.device, q.seq, q.zh, q.en, q.noted_ms, e.act, e.matter FROM quarantine q"
        " LEFT JOIN entry e ON e.device=q.device AND e.seq=q.seq ORDER BY q.noted_ms DESC, q.device, q.seq LIMIT ?",
        (MOST,),
    )
    return [
        Waiting(
            kind="arrived", what=_named(device, seq, act), cause=Message(zh, en), matter=matter, noted_at=_at(ms),
            repair="retry",
        )
        for device, seq, zh, en, ms, act, matter in rows
    ]  # fmt: skip


def _entries(connection: Connection, station: Station) -> list[Waiting]:
    rows = connection.execute(
        "SELECT r.seq, r.code, r.zh, r.en, r.noted_ms, e.act, e.matter FROM sync_refused r"
        " LEFT JOIN entry e ON e.device=? AND e.seq=r.seq ORDER BY r.noted_ms DESC, r.seq LIMIT ?",
        (station.device, MOST),
    )
    return [
        Waiting(
            kind="entry", what=_named(station.device, seq, act), cause=Message(zh, en), matter=matter, noted_at=_at(ms),
            repair="again" if code == "unknown_column" else "correct",
        )
        for seq, code, zh, en, ms, act, matter in rows
    ]  # fmt: skip


def _batches(connection: Connection) -> list[Waiting]:
    rows = connection.execute(
        "SELECT first, last, zh, en, made_ms FROM sync_batch WHERE state='refused' ORDER BY first LIMIT ?", (MOST,)
    )
    return [
        Waiting(
            kind="batch",
            what=Message(f"上报批次第 {first} 至 {last} 条", f"Batch with entries {first} to {last}"),
            cause=Message(zh or "", en or ""), matter=None, noted_at=_at(ms), repair="again",
        )
        for first, last, zh, en, ms in rows
    ]  # fmt: skip


def _documents(connection: Connection) -> list[Waiting]:
    rows = connection.execute(
        "SELECT name, zh, en, noted_ms FROM sync_aside ORDER BY noted_ms DESC, name LIMIT ?", (MOST,)
    )
    return [
        Waiting(
            kind="document", what=Message(name, name), cause=Message(zh, en), matter=None, noted_at=_at(ms),
            repair="keep",
        )
        for name, zh, en, ms in rows
    ]  # fmt: skip
