"""The roster of the counties: leader in charge and liaison officer of each bureau, as the counties keep it themselves.

Names and office telephones of members of the bureaus, due at the end of a programme's first month (domain reference,
7.6). A county that has not named somebody stands in it with an empty place, so that it can be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from models import codes, errors
from models.errors import Language
from models.sheets.content import Column, Grid, Sheet, Text, Value
from sync.hub import storage
from sync.hub.figures import HubRows
from sync.hub.hub import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterLine:
    """One duty of one county.

    Attributes:
        county: Its code.
        bureau: Its bureau's name.
        duty: Code of the table liaison_duty.
        name, post, phone: Empty while nobody is named.
        from_on: Since when; None while nobody is named.
    """

    county: str
    bureau: str
    duty: str
    name: str = ""
    post: str = ""
    phone: str = ""
    from_on: date | None = None


_COLUMNS = ("from_on", "id", "programme", "duty", "name", "post", "phone", "ended_on")


def roster(hub: Hub, programme: str = "", *, on: date | None = None) -> tuple[RosterLine, ...]:
    """Return who is in charge and who is liaison officer in each county on a day.

    Args:
        hub: The hub.
        programme: Key of a programme; the bureaus' petition work as a whole when empty. A county that named nobody for
            the programme stands with whom it named for its petition work.
        on: The day; that of the hub's clock by default.

    Raises:
        InputError: No county runs the programme.
    """
    day = (on or hub.now().astimezone().date()).isoformat()
    found: list[RosterLine] = []
    known = not programme
    with hub.reading() as connection:
        t = storage.county
        for code, name in connection.execute(sa.select(t.c.county, t.c.name).order_by(t.c.county)):
            rows = HubRows(connection, code)
            keys = dict(rows.every("programme", ("id", "key")))
            known = known or programme in keys.values()
            found += _of_county(rows, code, name, {row for row, key in keys.items() if key == programme}, day)
    if not known:
        raise errors.InputError(
            "programme",
            f"没有县局开展“{programme}”专项，或者尚未报送。请核对专项标识。",
            f"No county runs the programme “{programme}”, or none has sent it yet. Check its key.",
        )
    return tuple(found)


def _of_county(rows: HubRows, code: str, bureau: str, programmes: set[int], day: str) -> list[RosterLine]:
    now = [row for row in sorted(rows.every("liaison", _COLUMNS)) if row[0] <= day and (row[7] is None or row[7] > day)]
    found = []
    for duty in codes.codes("liaison_duty"):
        named = [row for row in now if row[3] == duty and row[2] in programmes]
        named = named or [row for row in now if row[3] == duty and row[2] is None]
        if not named:
            found.append(RosterLine(county=code, bureau=bureau, duty=duty))
            continue
        from_on, _row, _programme, _duty, name, post, phone, _ended = named[-1]
        found.append(
            RosterLine(
                county=code,
                bureau=bureau,
                duty=duty,
                name=name,
                post=post or "",
                phone=phone,
                from_on=date.fromisoformat(from_on),
            )
        )
    return found


def sheet(lines: Sequence[RosterLine], city: str, *, dated_on: date, language: Language = "zh") -> Sheet:
    """Return the roster as a paper."""
    zh = language == "zh"
    heads = (
        (("单位", 2.4), ("职责", 1.2), ("姓名", 1.2), ("职务", 1.6), ("办公电话", 1.6), ("自", 1.2))
        if zh
        else (("Bureau", 2.4), ("Duty", 1.2), ("Name", 1.2), ("Post", 1.6), ("Office telephone", 1.6), ("Since", 1.2))
    )
    columns = [Column(head=head, width=width) for head, width in heads]
    columns[-1] = Column(head=heads[-1][0], kind="date", width=heads[-1][1])
    rows: list[Sequence[Value]] = [
        (one.bureau, codes.word("liaison_duty", one.duty, language), one.name, one.post, one.phone, one.from_on)
        for one in lines
    ]
    empty = [one for one in lines if not one.name]
    missing = [f"{one.bureau}（{codes.word('liaison_duty', one.duty, 'zh')}）" for one in empty]
    missing_en = [f"{one.bureau} ({codes.word('liaison_duty', one.duty, 'en')})" for one in empty]
    told = f"尚未报送：{'、'.join(missing)}。" if zh else f"Not named yet: {', '.join(missing_en)}."
    return Sheet(
        kind="roster",
        title="信访工作分管领导、联络员名单" if zh else "Leaders in charge and liaison officers of petition work",
        organ=city,
        blocks=(Grid(columns=columns, rows=rows), *((Text(text=told),) if empty else ())),
        dated_on=dated_on,
        language=language,
    )
