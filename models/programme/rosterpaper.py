"""The roster of a programme as a paper for the city: leader in charge and liaison officer, and who is missing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from models import codes, errors
from models.programme import keeping, roster
from models.sheets.content import Column, Grid, Sheet, Sign, Text

if TYPE_CHECKING:
    from models.programme.records import LiaisonLine
    from models.records import Staff
    from models.register import Register


def named(register: Register, programme: str | int) -> tuple[LiaisonLine, ...]:
    """Return who is named for a programme, in the order of the duties; the bureau's own where it names nobody.

    Raises:
        InputError: There is no such programme.
    """
    own, office = roster.roster(register, programme), roster.roster(register)
    found = {one.duty: one for one in office} | {one.duty: one for one in own}
    return tuple(found[duty] for duty in codes.codes("liaison_duty") if duty in found)


def sheet(register: Register, by: Staff, programme: str | int, on: date) -> Sheet:
    """Return the roster of a programme as a paper, in the language spoken.

    Raises:
        InputError: There is no such programme.
    """
    language = errors.spoken()
    zh = language == "zh"
    one = keeping.find(register, programme)
    lines = named(register, one["id"])
    heads = (
        (("职责", 1.2), ("姓名", 1.2), ("职务", 1.6), ("办公电话", 1.6), ("自", 1.2))
        if zh
        else (("Duty", 1.2), ("Name", 1.2), ("Post", 1.6), ("Office telephone", 1.6), ("Since", 1.2))
    )
    columns = [Column(head=head, width=width) for head, width in heads[:-1]]
    columns.append(Column(head=heads[-1][0], kind="date", width=heads[-1][1]))
    rows = [
        (codes.word("liaison_duty", line.duty, language), line.name, line.post, line.phone, line.from_on)
        for line in lines
    ]
    missing = [
        codes.word("liaison_duty", duty, language)
        for duty in codes.codes("liaison_duty")
        if duty not in {line.duty for line in lines}
    ]
    told = f"尚未确定：{'、'.join(missing)}。" if zh else f"Not named yet: {', '.join(missing)}."
    return Sheet(
        kind="roster",
        title="信访工作分管领导、联络员名单" if zh else "Leader in charge and liaison officer of petition work",
        organ=str(register.setting("organ.name", "")),
        subtitle=one["name"],
        blocks=(Grid(columns=columns, rows=rows), *((Text(text=told),) if missing else ())),
        dated_on=on,
        sign=[Sign(label="填表人" if zh else "Drawn up by", name=by.name)],
        language=language,
    )
