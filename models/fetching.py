"""A register that was put back from a backup, or is being joined, fetches what it lacks before it may write.

What was entered after the backup may be at the hub or at a sibling. If anything new were entered first, two entries
would bear the same number. So `restore` sets a mark, `Register.act` refuses while it stands, and a round of the sync
takes it away once all that was lacking has come. Where there is nobody to fetch from, the keeper declares so, and that
is a journal entry. A register without a hub and without siblings never gets the mark.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from models import errors, leases
from models.hlc import LOWER_BITS
from models.laying import last_entries
from models.records import Staff

if TYPE_CHECKING:
    from models.register import Register

MARK = "sync.fetch"
"""Name in `meta`; its value is 1 while the register must fetch."""
INSTANTS_FROM = "hlc.from"
"""Name in `meta`: since its last restore a register gives instants beyond this one."""
RESTORE_GAP_MS = 60_000
"""Milliseconds by which a restored register goes past the last instant that it knows: some 15 million instants."""
ALONE = "declare_alone"
"""The one act that is possible while the mark stands."""


def has_others(connection: Any) -> bool:
    """Return whether there is anybody to fetch from: a hub, or a sibling that is not retired.

    Works on a register of any format, since a backup may be of an earlier one.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type='table'").fetchall()}
    if "sync_hub" in tables and connection.execute("SELECT 1 FROM sync_hub").fetchone():
        return True
    columns = {row[1] for row in connection.execute("PRAGMA table_info(device)").fetchall()}
    active = " AND retired_on IS NULL" if "retired_on" in columns else ""
    own = "(SELECT value FROM meta WHERE name='device')"
    return connection.execute(f"SELECT 1 FROM device WHERE number<>{own}{active}").fetchone() is not None


def raise_epoch(connection: Any) -> None:
    """Begin a new epoch: what is said now is less than what was said before. The caller holds the transaction.

    No instant may be given twice. With a clock that is right this is so by itself; with one that is behind, instants
    are counted on, and the next ones may have been given and lost. `INSTANTS_FROM` is read at the next opening.
    """
    last = max((instant for *_, instant in last_entries(connection)), default=0)
    connection.execute("UPDATE meta SET value=value+1 WHERE name='epoch'")
    connection.execute(
        "INSERT OR REPLACE INTO meta(name, value) VALUES(?,?)", (INSTANTS_FROM, last + (RESTORE_GAP_MS << LOWER_BITS))
    )


def mark(connection: Any) -> None:
    """Set the mark; the caller holds the transaction."""
    connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES(?, 1)", (MARK,))


def is_marked(connection: Any) -> bool:
    """Return whether the register must fetch."""
    return bool(connection.execute("SELECT value FROM meta WHERE name=?", (MARK,)).fetchone() == (1,))


def clear(register: Register) -> None:
    """Take the mark away: all that was lacking has come. One durable transaction, none when there is no mark."""
    if register.must_fetch:
        with register.database.atomic():
            register.connection.execute("DELETE FROM meta WHERE name=?", (MARK,))
        register.must_fetch = False


def declare_alone(register: Register, reason: str, *, by: Staff, at: datetime) -> None:
    """Go on without fetching: what was entered after the backup is lost, or is nowhere.

    Numbers that this workstation may have given since are not given again (`models.leases.begin_anew`).

    Args:
        register: The restored register.
        reason: Why there is nobody to fetch from, kept as a setting in the journal.
        by: A keeper.
        at: Instant, aware.

    Raises:
        NotAllowedError: The person is no keeper.
        InputError: There is no reason, or the register need not fetch.
    """
    if "KEEPER" not in by.roles:
        raise errors.NotAllowedError(
            "只有系统管理员可以决定不再取回。请由系统管理员办理。",
            "Only a keeper can decide to go on without fetching. Ask a keeper.",
        )
    if not register.must_fetch:
        raise errors.InputError(
            "alone", "本登记库不需要取回内容，可以照常办理。", "This register need not fetch anything; go on as usual."
        )
    if not reason.strip():
        raise errors.InputError("alone", "请写明无处可取的理由。", "Say why there is nobody to fetch from.")
    value = {"epoch": register.epoch, "reason": reason.strip(), "on": at.astimezone().date().isoformat()}
    with register.act(ALONE, by=by, at=at) as act:
        name = f"sync.alone.{register.device}.{register.epoch}"
        act.insert("setting", {"name": name, "value": orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()})
        leases.begin_anew(act, reason.strip(), at.astimezone().date())
        register.connection.execute("DELETE FROM meta WHERE name=?", (MARK,))
    register.must_fetch = False
