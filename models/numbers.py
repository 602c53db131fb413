"""Numbers: gapless per series and year, with a legal start; every unused one is accounted for.

Items and matters carry their number themselves (they are cancelled with a reason, never deleted). Documents take theirs
from the journalled table `number`, where a spoiled one stays with its reason (GB/T 9704-2012, 7.2.5: four-digit year,
no 第, no leading zeros). Which serial is next, with one workstation or several: `models.leases`; the account of them
all: `models.gaps`.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from models import errors, leases

if TYPE_CHECKING:
    from models.act import Act

QUERY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 O 1 I L: read out at a counter and copied by hand."""
QUERY_LENGTH = 8


def next_item_number(act: Act, year: int) -> str:
    """Return the next item number of a year, e.g. J2026-000123 (信访件编号)."""
    return _text(leases.ITEMS, year, _serial(act, leases.ITEMS, year))


def next_matter_number(act: Act, year: int) -> str:
    """Return the next matter number of a year, e.g. S2026-000123 (信访事项编号)."""
    return _text(leases.MATTERS, year, _serial(act, leases.MATTERS, year))


def _serial(act: Act, series: str, year: int) -> int:
    return leases.next_serial(act.connection, act.register.device, series, year)


def _text(letter: str, year: int, serial: int) -> str:
    return f"{letter}{year}-{serial:06d}"


def warnings(act: Act, *texts: str) -> tuple[str, ...]:
    """Return what to tell of item and matter numbers just given: that they are emergency numbers; mostly nothing."""
    block = leases.emergency_block(act.register.device)
    if block is None or not leases.is_shared(act.connection):
        return ()
    apart = [text for text in texts if block[0] <= int(text[-6:]) <= block[1]]
    if not apart:
        return ()
    zh, en = "、".join(apart), ", ".join(apart)
    told = errors.Message(
        f"{zh} 是本工作站的应急号：分给本机的号段已用完。编号有效；请尽快同步以领取新号段。",
        f"{en}: emergency numbers of this workstation, since its blocks are used up. They are valid; sync soon to get"
        " another block.",
    )
    return (str(told),)


def new_query_code(act: Act) -> str:
    """Return an unused query code (查询码) of 8 characters."""
    while True:
        code = "".join(secrets.choice(QUERY_ALPHABET) for _ in range(QUERY_LENGTH))
        if act.connection.execute("SELECT 1 FROM matter WHERE query_code=?", (code,)).fetchone() is None:
            return code


def take_document_number(act: Act, series: str, year: int) -> int:
    """Give out the next serial of a document series; the caller records what bears it with `bear`.

    The first serial of a series is the setting `number.<series>.<year>.start` (a legal start offset), else 1. Who gives
    which serial where there are several workstations: `models.leases`.
    """
    return _serial(act, series, year)


def bear(act: Act, series: str, year: int, serial: int, *, document: int) -> None:
    """Record that `document` bears the number."""
    act.insert("number", {"series": series, "year": year, "serial": serial, "state": "used", "document": document})


def spoil(act: Act, document: int, reason: str) -> None:
    """Mark a document and its number as spoiled; both stay, with the reason.

    Raises:
        InputError: No reason was given.
    """
    if not reason.strip():
        raise errors.InputError("reason", "作废文书必须写明原因。", "Spoiling a document needs a reason.")
    act.set("document", document, state="spoiled", reason=reason)
    kind, dated_on = act.connection.execute("SELECT kind, dated_on FROM document WHERE id=?", (document,)).fetchone()
    year = int(dated_on[:4]) if dated_on else None
    for (row,) in act.connection.execute(  # by series and year, which have an index: the numbers of a bureau are many
        f"SELECT id FROM number WHERE series=?1 AND {'year=?2' if year else '?2 IS NULL'} AND document=?3",
        (kind, year, document),
    ).fetchall():
        act.set("number", row, state="spoiled", reason=reason)
