"""Entries from elsewhere laid over the register's rows: from siblings, from the city, or own ones after a restore.

Words used here:

- *held*: an entry that stands in the journal; of every workstation without a gap.
- *laid*: its changes were merged into the rows (models.merge).
- *quarantined*: held but not laid, since its content cannot be: an unknown column, a number that is taken, a row that
  no entry can bring any more. It is listed with its cause; the entries after it flow on; `retry` tries it again.
- *waiting*: not held yet, because it speaks of rows that another workstation made and that have not come. The stream of
  its workstation stops there; the others flow, and the caller asks again when something else has come.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from models import door, errors, journal, projections, search
from models.act import ENTRY_COLUMNS, store_entries
from models.admission import Admission, RefusedEntryError, WaitsError
from models.consequences import Consequences
from models.errors import Message
from models.journal import GENESIS, Entry
from models.laying import Laying, Reached, RowKey, last_entries
from models.merge import Row

if TYPE_CHECKING:
    from models.register import Register

_BULK = "arrivals.bulk"
"""Name in `meta`: rows of a first download are here, their projections are not."""
_TRIED_AGAIN = 200
"""Entries in quarantine up to which each arrival tries them again by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """An entry that is held and could not be laid; `code` is a short cause, `message` says it and what to do."""

    device: int
    seq: int
    code: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What became of some entries.

    Attributes:
        taken: Entries that are held since; those that were held before do not count.
        waiting: Workstations whose stream waits for entries of others.
        quarantined: Those of them that could not be laid.
        conflicts: Conflicts that were found, more than before.
        matters: The matters whose rows changed.
    """

    taken: int = 0
    waiting: tuple[int, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    conflicts: int = 0
    matters: frozenset[int] = frozenset()


def held(connection: driver.Connection) -> dict[int, tuple[int, bytes]]:
    """Return the last entry held of each workstation, and its hash."""
    return {device: (seq, digest) for device, seq, digest, _ in last_entries(connection)}


def take(register: Register, entries: Sequence[Entry], *, at: datetime, way: str, bulk: bool = False) -> Arrived:
    """Take entries of one workstation, in the order of their numbers; those that are held already are passed over.

    One durable transaction; an error leaves everything as it was. (Where the tables refuse what no check foresaw, each
    entry is a transaction of its own, so that the one that cannot be laid is found and the others flow.)

    Args:
        register: The open register.
        entries: Of one workstation, gapless among themselves.
        at: Instant, aware.
        way: How they came: `line`, `folder`, `stick` or `restore`; kept with the arrival.
        bulk: A first download: projections and index are left for `finish_bulk`, which the caller must call.

    Raises:
        ChainError: They do not continue what is held.
    """
    fresh = _continuing(register.connection, entries)
    if not fresh:
        return Arrived()
    aside = register.rows("SELECT count(*) FROM quarantine")[0][0]
    try:
        done = _Taking(register, at, way, bulk=bulk).run(fresh)
    except driver.IntegrityError:
        done = _one_by_one(register, fresh, at, way, bulk=bulk)
    if done.taken and 0 < aside + len(done.quarantined) <= _TRIED_AGAIN and not bulk:
        done = _with_retried(register, done, at)
    return done


def _with_retried(register: Register, done: Arrived, at: datetime) -> Arrived:
    """Try what stands aside again, since what was in its way may be gone with what came."""
    again = retry(register, at=at)
    left = {(line.device, line.seq) for line in again.quarantined}
    return replace(
        done,
        quarantined=tuple(line for line in done.quarantined if (line.device, line.seq) in left),
        conflicts=done.conflicts + again.conflicts,
        matters=done.matters | again.matters,
    )


def _continuing(connection: driver.Connection, entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that are not held, verified to continue what is.

    Raises:
        ChainError: They do not.
    """
    if not entries:
        return []
    device = entries[0].device
    stray = next((entry for entry in entries if entry.device != device), None)
    if stray is not None:
        raise errors.ChainError("device", stray.device, stray.seq)
    last, head = held(connection).get(device, (0, GENESIS))
    first = entries[0].seq
    if first > last + 1:
        raise errors.ChainError("gap", device, first)
    known = [entry for entry in entries if entry.seq <= last]
    if known:
        here = dict(
            connection.execute(
                "SELECT seq, hash FROM entry WHERE device=? AND seq BETWEEN ? AND ?", (device, first, known[-1].seq)
            ).fetchall()
        )
        for entry in known:
            if here.get(entry.seq) != entry.hash:
                raise errors.ChainError("fork", device, entry.seq)
    fresh = list(entries[len(known) :])
    _, _, broken = journal.check_chain(fresh, head, last + 1)
    if broken is not None:
        cause = "fork" if broken.cause == "prev" and broken.seq == last + 1 else broken.cause
        raise errors.ChainError(cause, device, broken.seq)
    return fresh


def _one_by_one(register: Register, entries: Sequence[Entry], at: datetime, way: str, *, bulk: bool) -> Arrived:
    done = Arrived()
    for entry in entries:
        try:
            one = _Taking(register, at, way, bulk=bulk).run([entry])
        except driver.IntegrityError as error:
            one = _Taking(register, at, way, bulk=bulk, refuse=str(error)).run([entry])
        done = Arrived(
            taken=done.taken + one.taken,
            waiting=one.waiting,
            quarantined=done.quarantined + one.quarantined,
            conflicts=done.conflicts + one.conflicts,
            matters=done.matters | one.matters,
        )
        if one.waiting:
            break
    return done


class _Taking:
    """Entries while they are taken.

    Args:
        register: The open register.
        at: Instant.
        way: How they came.
        bulk: Leave the projections.
        refuse: What the tables said against the one entry that is taken: it goes into quarantine.
    """

    def __init__(self, register: Register, at: datetime, way: str, *, bulk: bool, refuse: str = "") -> None:
        self._register = register
        self._connection = register.connection
        self._at_ms = int(at.timestamp() * 1000)
        self._way = way
        self._bulk = bulk
        self._refuse = refuse
        self._quarantined: list[Quarantined] = []

    def run(self, entries: Sequence[Entry], *, again: bool = False) -> Arrived:
        """Take the entries in one transaction; `again`: they are held and in quarantine, and are laid all or none.

        Raises:
            IntegrityError: The tables refuse what no check foresaw.
            RefusedEntryError, WaitsError: Again: one of them cannot be laid still.
        """
        register, connection = self._register, self._connection
        with door.translated_but_constraints(register.path):
            with register.database.atomic():
                self._laying = Laying(connection, Reached.of(connection))
                self._admission = Admission(register, self._laying)
                taken = self._lay(entries, again=again)
                follows = self._follow()
                self._laying.write()
                if self._bulk:
                    _begin_bulk(connection)
                else:
                    follows.finish(from_elsewhere=True)
                if not again:
                    self._store(taken)
                self._note()
            if taken:
                register.heard(taken, follows)
        return Arrived(
            taken=len(taken),
            waiting=(entries[0].device,) if len(taken) < len(entries) and not again else (),
            quarantined=tuple(self._quarantined),
            conflicts=max(0, self._laying.conflicts),
            matters=frozenset(follows.touched),
        )

    def _lay(self, entries: Sequence[Entry], *, again: bool) -> list[Entry]:
        """Lay the entries until one waits; return those that are taken, quarantined ones among them."""
        laying, admission = self._laying, self._admission
        admitted = [(entry, admission.read(entry)) for entry in entries]
        admission.load([changes for _, changes in admitted if isinstance(changes, list)])
        taken = []
        for entry, changes in admitted:
            try:
                if isinstance(changes, RefusedEntryError):
                    raise changes
                if self._refuse:
                    raise admission.constraint(entry, self._refuse)
                made = admission.check(entry, changes, claims=not again)
            except WaitsError:
                if again:
                    raise
                break
            except RefusedEntryError as refused:
                if again:
                    raise
                self._put_aside(entry, refused)
                admission.quarantined(entry)
            else:
                laying.keep(made, changes)
                if journal.is_opaque(entry.payload):
                    laying.count_sealed(entry)
                if again:
                    laying.reached.quarantined.discard(entry.hlc)
                    self._take_out(entry)
            if not again:
                laying.reached.last[entry.device] = entry.hlc
            taken.append(entry)
        if again:
            admission.check_numbers(entries[-1])
        return taken

    def _follow(self) -> Consequences:
        """Tell what the rows that changed will have for consequences, before they are written."""
        follows = Consequences(self._register)
        laying = self._laying
        for key in laying.changed():
            before, row = laying.before(key), laying.rows[key]
            assert row is not None  # noqa: S101  rows are never taken away
            columns = laying.columns_set(key)
            for matter in {_matter_of(key, row), _matter_of(key, before) if before else _matter_of(key, row)}:
                follows.touch(*key, matter, columns)
            if key[0] == "matter" and row.values.get("sealed") == 1 and before and before.values["sealed"] != 1:
                self._connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES('search.purge', 1)")
        if not self._bulk:
            follows.read_before()
        return follows

    def _store(self, taken: Sequence[Entry]) -> None:
        if taken:
            store_entries(self._connection, taken)
            self._connection.execute(
                "INSERT INTO arrival(device, first, last, at_ms, way) VALUES(?,?,?,?,?)",
                (taken[0].device, taken[0].seq, taken[-1].seq, self._at_ms, self._way),
            )

    def _put_aside(self, entry: Entry, refused: RefusedEntryError) -> None:
        self._quarantined.append(
            Quarantined(device=entry.device, seq=entry.seq, code=refused.code, message=refused.message)
        )

    def _note(self) -> None:
        self._connection.executemany(
            "INSERT OR REPLACE INTO quarantine(device, seq, code, zh, en, noted_ms) VALUES(?,?,?,?,?,?)",
            [(q.device, q.seq, q.code, q.message.zh, q.message.en, self._at_ms) for q in self._quarantined],
        )

    def _take_out(self, entry: Entry) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES('arrivals.retried', 1)")
        self._connection.execute("DELETE FROM quarantine WHERE device=? AND seq=?", (entry.device, entry.seq))


def _matter_of(key: RowKey, row: Row) -> int | None:
    return key[1] if key[0] == "matter" else row.values.get("matter")


def retry(register: Register, *, at: datetime) -> Arrived:
    """Try every entry in quarantine again: after an update of the program, or once what was in the way is gone.

    Each is tried by itself, then those of a matter together: of two matters with one number, the entry that gives one
    of them another may itself stand aside. Those that cannot be laid still stay where they are.
    """
    done = Arrived()
    left = _aside(register)
    while left:
        alone = [one for entry in left if (one := _again(register, [entry], at)).taken]
        groups: dict[tuple[int, int], list[Entry]] = {}
        for entry in _aside(register):
            groups.setdefault((entry.device, entry.matter or 0), []).append(entry)
        together = [one for group in groups.values() if len(group) > 1 and (one := _again(register, group, at)).taken]
        for one in (*alone, *together):
            done = Arrived(
                taken=done.taken + one.taken,
                conflicts=done.conflicts + one.conflicts,
                matters=done.matters | one.matters,
            )
        left = _aside(register) if alone or together else []
    return replace(done, quarantined=quarantined(register.connection))


def _aside(register: Register) -> list[Entry]:
    """Return the entries in quarantine, in the order of their instants."""
    names = ", ".join(f"e.{name}" for name in ENTRY_COLUMNS.split(", "))
    rows = register.rows(
        f"SELECT {names} FROM quarantine q JOIN entry e ON e.device=q.device AND e.seq=q.seq ORDER BY e.hlc"
    )
    return [Entry(**dict(zip(ENTRY_COLUMNS.split(", "), row, strict=True))) for row in rows]


def _again(register: Register, entries: Sequence[Entry], at: datetime) -> Arrived:
    """Lay entries that are in quarantine, all or none."""
    try:
        return _Taking(register, at, "", bulk=False).run(entries, again=True)
    except (driver.IntegrityError, RefusedEntryError, WaitsError):
        return Arrived()


def quarantined(connection: driver.Connection) -> tuple[Quarantined, ...]:
    """Return the entries in quarantine, in the order of workstation and number."""
    found = connection.execute("SELECT device, seq, code, zh, en FROM quarantine ORDER BY device, seq").fetchall()
    return tuple(
        Quarantined(device=device, seq=seq, code=code, message=Message(zh, en)) for device, seq, code, zh, en in found
    )


def _begin_bulk(connection: driver.Connection) -> None:
    if not bulk_pending(connection):
        connection.execute("INSERT INTO meta(name, value) VALUES(?, 1)", (_BULK,))
        search.begin_background(connection)


def bulk_pending(connection: driver.Connection) -> bool:
    """Return whether a bulk download was begun and `finish_bulk` has not been called."""
    return connection.execute("SELECT 1 FROM meta WHERE name=?", (_BULK,)).fetchone() is not None


def finish_bulk(register: Register, progress: Callable[[int, int], None] = lambda _done, _total: None) -> None:
    """Work out the projections of all matters after a first download; `Register.tidy` then makes the search index.

    Args:
        register: The open register.
        progress: Told how many matters are done, and how many there are.
    """
    if not bulk_pending(register.connection):
        return
    with door.translated(register.path), register.database.atomic():
        projections.refresh_all(register.connection, register.read_calendar(), register.law.book, progress=progress)
        register.connection.execute("DELETE FROM meta WHERE name=?", (_BULK,))
