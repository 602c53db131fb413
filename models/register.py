"""The open register and its one write path.

    with register.act("accept_matter", by=staff, at=now, matter=matter) as act:
        act.set("matter", matter, state="S4", accepted_on="2026-03-02")

Leaving the block writes the rows, the search index, the open clocks, the digests and one journal entry in a single
durable transaction; an exception inside leaves everything as it was. One program holds a register at a time (a lock
file beside it says who).
"""

from __future__ import annotations

import contextlib
import socket
import time
import uuid
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import filelock
import orjson

from models import clocks, codes, device, door, errors, fetching, hlc, keyring, lawbook, policy, search
from models.act import Act
from models.holding import MAKING as MAKING
from models.holding import discard, finish_creation
from models.holding import take_lock as take_lock
from models.journal import GENESIS, births
from models.laying import last_entries
from models.records import Staff
from models.tables import BY_NAME

if TYPE_CHECKING:
    import sqlcipher3.dbapi2 as driver

    from models.consequences import Consequences
    from models.journal import Entry
    from models.wrapped import Database


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NewPerson:
    """A person to be given a key slot; no repr, since it holds a passphrase."""

    login: str
    name: str
    passphrase: str
    roles: frozenset[str] = frozenset(policy.ROLES)
    post: str = ""
    unit: int | None = None
    phone: str = ""


EPOCH_IDS = 1 << 20
"""Ids of a table between one restore and the next; whoever gives more goes on into the next range."""
LAST_EPOCH = (1 << 32) // EPOCH_IDS - 2
TIDY_LOG_BYTES = 2 * 1024 * 1024
"""Size from which the write-ahead log is folded into the file by `Register.tidy`: some five registrations."""


class Register:
    """An unlocked register. Made by `open` or `create`; `close` it (or use `with`)."""

    def __init__(
        self, path: Path, connection: driver.Connection, lock: filelock.FileLock, keys: keyring.Keys, login: str
    ) -> None:
        self.path = path
        self.connection = connection
        self.keys = keys
        self.login = login
        self._lock = lock
        self._database: Database | None = None
        self._ids: dict[str, int] = {}
        self._staff: dict[int, Staff] = {}
        self._units: dict[int, str] = {}
        self._last_mono: float | None = None
        meta = dict(connection.execute("SELECT name, value FROM meta").fetchall())
        self.id: str = meta["register"]
        self.county: str = meta["county"]
        self.device: int = meta["device"]
        self.epoch: int = meta["epoch"]
        self.must_fetch: bool = meta.get(fetching.MARK) == 1
        head = connection.execute(
            "SELECT seq, hash FROM entry WHERE device=? ORDER BY seq DESC LIMIT 1", (self.device,)
        ).fetchone()
        self.seq: int = head[0] if head else 0
        self.head: bytes = head[1] if head else GENESIS
        # Instants of a workstation rise with its numbers: the last of each is the latest that was heard of it.
        self.last_hlc: int = max((instant for *_, instant in last_entries(connection)), default=0)
        self.last_hlc = max(self.last_hlc, meta.get(fetching.INSTANTS_FROM, 0))
        self._calendar: clocks.Calendar | None = None
        self._law: lawbook.Law | None = None
        self._sealed: dict[int, search.SessionIndex] = {}

    # --- opening and closing ----------------------------------------------------------------------------------------

    @classmethod
    def open(cls, path: Path, login: str, passphrase: str) -> Register:
        """Unlock a register.

        Raises:
            WrongPassphraseError, NoRegisterError, RegisterDamagedError, RegisterForeignError, RegisterNewerError,
            RegisterInUseError: see `models.errors`.
        """
        path = Path(path)
        if not path.exists() and not keyring.path_of(path).exists():
            raise door.no_register(path)
        lock = take_lock(path)
        try:
            finish_creation(path)
            register_id, keys = keyring.unlock(path, login, passphrase)
            return cls._finish(path, lock, register_id, keys, login)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _finish(cls, path: Path, lock: filelock.FileLock, register_id: str, keys: keyring.Keys, login: str) -> Register:
        door.check_owner(path, register_id)
        connection = door.connect(path, keys.register_key)
        try:
            with door.translated(path):
                door.migrate(connection, path)
                found = connection.execute("SELECT value FROM meta WHERE name='register'").fetchone()
                if found is None:
                    raise door.damaged(path)
                if found[0] != register_id:
                    raise door.not_together(path)
                lawbook.accept_first(connection)
                register = cls(path, connection, lock, keys, login)
                register.person  # noqa: B018  a slot without a person in the register is refused here, not later
                register.use_codes()
            return register
        except BaseException:
            connection.close()
            raise

    @classmethod
    def create(
        cls, path: Path, *, county: str, name: str, keeper: NewPerson, device_name: str = "", device_number: int = 1,
        at: datetime | None = None,
    ) -> Register:  # fmt: skip
        """Make a new register with its first person and its first unit (the petition unit).

        Args:
            path: Where; nothing may be there.
            county: Six-digit division code.
            name: The bureau's full name.
            keeper: The first person.
            device_name: Name of this workstation; the host's name by default.
            device_number: 1..4095, unique among the county's workstations.
            at: Instant (aware); now by default.

        Raises:
            StorageError: Something is there already, or the disk says no.
        """
        path = Path(path)
        at = at or datetime.now(UTC)
        keyring.check_passphrase(keeper.passphrase)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise door.file_trouble(path.parent, error) from error
        lock = take_lock(path)
        try:
            finish_creation(path)
            if path.exists() or keyring.path_of(path).exists():
                raise errors.StorageError(
                    f"{path} 已存在登记库或其密钥文件，未作改动。请换一个路径。",
                    f"There is a register or its keyring at {path} already; nothing was changed. Choose another path.",
                )
            # Made whole beside its place, then renamed: a program killed here leaves no register that nobody can open.
            making = path.with_name(path.name + MAKING)
            discard(making)
            try:
                register_id, keys = cls._make(making, lock, county, name, keeper, device_name, device_number, at)
                keyring.path_of(making).replace(keyring.path_of(path))
                finish_creation(path)
            except OSError as error:
                raise door.file_trouble(path, error) from error
            finally:
                discard(making)
            return cls._finish(path, lock, register_id, keys, keeper.login)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _make(
        cls, path: Path, lock: filelock.FileLock, county: str, name: str, keeper: NewPerson, device_name: str,
        device_number: int, at: datetime,
    ) -> tuple[str, keyring.Keys]:  # fmt: skip
        register_id = uuid.uuid4().hex
        keys = keyring.Keys.new(keyring.create(path, register_id))
        keyring.put_slot(path, keeper.login, keeper.passphrase, keys)
        connection = door.connect(path, keys.register_key, create=True, salt=door.file_salt(register_id))
        try:
            door.migrate(connection, path)
            with door.translated(path), door.database(connection).atomic():
                connection.executemany(
                    "INSERT INTO meta(name, value) VALUES(?,?)",
                    [("register", register_id), ("county", county), ("device", device_number), ("epoch", 1)],
                )
                device_keys = device.make_keys(connection)
            register = cls(path, connection, lock, keys, keeper.login)
            first = (device_number << 32) + 1  # id of the first row of every table
            founder = Staff(
                id=first, login=keeper.login, name=keeper.name, unit=first, roles=keeper.roles, post=keeper.post
            )
            with register.act("create_register", by=founder, at=at) as act:
                act.insert("unit", {"name": "信访科", "short": "信访", "kind": "petition"})
                act.insert("staff", person_row(keeper, keys, first))
                act.insert("device", {
                    "number": device_number, "name": device_name or socket.gethostname(), "epoch": 1,
                    "sign_key": device_keys.sign_public.hex(), "seal_key": device_keys.seal_public.hex(),
                })  # fmt: skip
                for setting, value in first_settings(name, county).items():
                    act.insert("setting", {"name": setting, "value": orjson.dumps(value).decode()})
            with door.translated(path):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()
        return register_id, keys

    def close(self) -> None:
        """Close the file and let other programs have it. Safe to call twice."""
        with contextlib.suppress(Exception):  # a closed or damaged file cannot be checkpointed; nothing is lost by that
            self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        self.connection.close()
        self._lock.release()

    def __enter__(self) -> Register:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- reading ----------------------------------------------------------------------------------------------------

    def rows(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Read all rows of a query."""
        with door.translated(self.path):
            found: list[tuple[Any, ...]] = self.connection.execute(sql, parameters).fetchall()
        return found

    def row(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()) -> tuple[Any, ...] | None:
        """Read the first row of a query, or None."""
        with door.translated(self.path):
            found: tuple[Any, ...] | None = self.connection.execute(sql, parameters).fetchone()
        return found

    def record(self, table: str, row_id: int) -> dict[str, Any] | None:
        """Read one journalled row as a dict of its declared columns and `id`."""
        names = ("id", *BY_NAME[table].names)
        found = self.row(f"SELECT {', '.join(names)} FROM {table} WHERE id=?", (row_id,))
        return dict(zip(names, found, strict=True)) if found else None

    def records(self, table: str, where: str, parameters: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
        """Read journalled rows as dicts; `where` is SQL of ours, values are bound."""
        names = ("id", *BY_NAME[table].names)
        return [
            dict(zip(names, found, strict=True))
            for found in self.rows(f"SELECT {', '.join(names)} FROM {table} WHERE {where}", parameters)
        ]

    @property
    def person(self) -> Staff:
        """The person who unlocked the register.

        Raises:
            NotAllowedError: The person has left or is not in the register.
        """
        for staff in self.staff().values():
            if staff.login == self.login:
                return staff
        raise errors.NotAllowedError(
            f"“{self.login}”在登记库中已停用，不能登录。请联系系统管理员。",
            f"“{self.login}” is no longer active in this register. Ask the keeper.",
        )

    def staff(self) -> dict[int, Staff]:
        """Return the people of the register who have not left, by id."""
        if not self._staff:
            for row in self.rows("SELECT id, login, name, unit, roles, post FROM staff WHERE closed IS NOT 1"):
                roles = frozenset(orjson.loads(row[4]) if row[4] else ())
                self._staff[row[0]] = Staff(
                    id=row[0], login=row[1], name=row[2], unit=row[3], roles=roles, post=row[5] or ""
                )
        return self._staff

    def units(self) -> dict[int, str]:
        """Return the names of all units by id."""
        if not self._units:
            self._units = dict(self.rows("SELECT id, name FROM unit ORDER BY id"))
        return self._units

    def setting(self, name: str, default: Any = None) -> Any:
        """Return a setting of the bureau, or `default`."""
        found = self.row("SELECT value FROM setting WHERE name=? ORDER BY rev DESC", (name,))
        return default if found is None or found[0] is None else orjson.loads(found[0])

    def settings(self) -> dict[str, Any]:
        """Return all settings of the bureau by name."""
        return {
            name: orjson.loads(value)
            for name, value in self.rows("SELECT name, value FROM setting ORDER BY name, rev")
            if value
        }

    @property
    def law(self) -> lawbook.Law:
        """The rules and calendars that were accepted for this register."""
        if self._law is None:
            self._law = lawbook.law_of(self.connection)
        return self._law

    def use_codes(self) -> None:
        """Let the codes that this register has beside the program's count, as its settings stand."""
        codes.use(self.setting(codes.SETTING))

    def forget_law(self) -> None:
        """Read rules and calendars anew when they are next asked for: another law was accepted."""
        self._law = self._calendar = None

    @property
    def calendar(self) -> clocks.Calendar:
        """Accepted calendars with those that the bureau has applied (settings `calendar.YYYY`)."""
        if self._calendar is None:
            self._calendar = self.read_calendar()
        return self._calendar

    def read_calendar(self, base: clocks.Calendar | None = None) -> clocks.Calendar:
        """Read the calendar anew, settings of this very transaction included; `base` in place of the accepted ones."""
        calendar = base or self.law.calendar
        for name, value in self.settings().items():
            if name.startswith("calendar."):
                calendar = calendar.with_notice(clocks.read_notice(orjson.dumps(value).decode(), name))
        return calendar

    # --- writing ----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def act(self, name: str, *, by: Staff, at: datetime, matter: int | None = None) -> Iterator[Act]:
        """Open an act: the only way to change the register.

        Args:
            name: Name of the act, kept in the journal.
            by: Who does it.
            at: Instant, aware.
            matter: The matter it belongs to, if one.

        Raises:
            MustFetchError: The register was put back from a backup and has not fetched what it lacks.
        """
        if self.must_fetch and name != fetching.ALONE:
            raise errors.MustFetchError
        if at.tzinfo is None:
            raise errors.BugError("时间缺少时区。", "An instant without a time zone.")
        if self.connection.in_transaction:  # an act within an act would take the same place in the chain twice
            raise errors.BugError("一次办理之中不能再开始另一次。", "An act was begun within another act.")
        wall = int(at.timestamp() * 1000)
        instant = hlc.next_instant(self.last_hlc, wall, self.device)
        try:
            with door.translated(self.path), self.database.atomic():
                act = Act(self, name, by=by, at=at, hlc=instant, matter=matter)
                yield act
                now = time.monotonic()
                mono = -1 if self._last_mono is None else int((now - self._last_mono) * 1000)
                entry = act.finish(mono)
        except BaseException:
            self._staff, self._units = {}, {}  # they may hold rows that were taken back
            self.forget_law()
            raise
        # Only after the commit: a failed act leaves sequence, chain head and identifiers as they were.
        self.seq, self.head, self.last_hlc, self._last_mono = entry.seq, entry.hash, instant, now
        self._ids.update(act.last_ids)
        self._forget(act.tables, act.touched)

    def heard(self, entries: Sequence[Entry], follows: Consequences) -> None:
        """Take note of entries from elsewhere that were committed (`models.arrivals`): own instants come after them."""
        last = entries[-1]
        if last.device == self.device and last.seq > self.seq:
            self.seq, self.head = last.seq, last.hash
        self._ids = {}
        self.last_hlc = max(self.last_hlc, *(entry.hlc for entry in entries))
        self._forget(follows.tables, follows.touched)

    @property
    def database(self) -> Database:
        """The connection as a sqlite-utils database."""
        if self._database is None:
            self._database = door.database(self.connection)
        return self._database

    def last_id(self, table: str) -> int:
        """Return the highest id this workstation has given in `table`, or that it may have given and forgotten.

        After each restore ids begin anew `EPOCH_IDS` further on: what was lost with the disk may still come to others,
        and changes of its rows must never meet rows that were made since.
        """
        if table not in self._ids:
            low = self.device << 32
            begin = low | min(self.epoch - 1, LAST_EPOCH) * EPOCH_IDS
            found = self.connection.execute(
                f"SELECT max(id) FROM {table} WHERE id BETWEEN ? AND ?", (low, low | 0xFFFFFFFF)
            ).fetchone()[0]
            aside = self.connection.execute(
                "SELECT e.payload FROM quarantine q JOIN entry e ON e.device=q.device AND e.seq=q.seq WHERE q.device=?",
                (self.device,),
            ).fetchall()  # own entries that a restored register fetched and could not lay: their ids are given
            given = [row for (payload,) in aside for name, row in births(payload) if name == table]
            self._ids[table] = max([found or low, begin, *given])
        return self._ids[table]

    def _forget(self, tables: AbstractSet[str], touched: AbstractSet[int]) -> None:
        if "staff" in tables:
            self._staff = {}
        if "unit" in tables:
            self._units = {}
        if "setting" in tables:
            self.forget_law()
            self.use_codes()
        if {"staff", "unit"} & tables:
            self._sealed = {}
        for staff, session in self._sealed.items():
            condition = policy.visible_sql(self.staff()[staff])
            for matter in touched:
                session.refresh(self.connection, matter, condition)

    def sealed_for(self, staff: Staff) -> search.SessionIndex:
        """Return the sealed documents that `staff` may read, for searching in memory; kept up to date by every act."""
        if staff.id not in self._sealed:
            session = search.SessionIndex()
            session.load(self.connection, policy.visible_sql(staff))
            self._sealed[staff.id] = session
        return self._sealed[staff.id]

    def tidy(self) -> bool:
        """Do one short piece of upkeep, for when nobody waits; returns whether there is more to do.

        First the write-ahead log is folded into the file, once it has grown; then, after a first download, some
        matters are put into the search index (`search.background_left` tells how many are in); then the index merges
        a few pages.
        After a matter was sealed the whole index is merged, so that the file forgets what its open text left there.
        """
        with door.translated(self.path):
            log = self.path.with_name(self.path.name + "-wal")
            if log.exists() and log.stat().st_size > TIDY_LOG_BYTES:
                self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                return True
            if search.unindexed_below(self.connection):
                with self.database.atomic():
                    more = search.index_portion(self.connection)
                return search.merge_idle(self.connection) or more
            if self.row("SELECT value FROM meta WHERE name='search.purge'") == (1,):
                search.begin_purge(self.connection)
                with self.database.atomic():
                    self.connection.execute("UPDATE meta SET value=2 WHERE name='search.purge'")
                return True
            return search.merge_idle(self.connection)


def first_settings(name: str, county: str) -> dict[str, str]:
    """Return the settings that follow from the bureau's name and division; the bureau confirms or changes them.

    The issuing-organ code is the name's first character with 公 (GB/T 9704-2012, 7.2.5, local practice), the organ of
    review the public-security bureau of the division above (SC-431 Art. 34; REG-2022 Art. 35).
    """
    from models import divisions

    above = divisions.parents(county)
    found = {"organ.name": name, "organ.county": county, "documents.code": f"{name[:1]}公"}
    if above:
        found["organ.review"] = f"{above[-1].name}公安局"
    return found


def person_row(person: NewPerson, keys: keyring.Keys, unit: int | None) -> dict[str, Any]:
    """Return the staff row of a person with their public keys."""
    return {
        "login": person.login, "name": person.name, "unit": person.unit or unit, "post": person.post or None,
        "phone": person.phone or None, "roles": orjson.dumps(sorted(person.roles)).decode(),
        "sign_key": keys.sign_public().hex(), "seal_key": keys.seal_public().hex(),
    }  # fmt: skip
