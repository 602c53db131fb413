"""The roster (联络名单): leader in charge and liaison officer of the bureau, with their office telephones.

Reported to the city at the beginning of a programme (domain reference, 7.6). It names members of the bureau only; a
change ends the line before and never overwrites it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from models import codes, errors, policy
from models.programme import keeping
from models.programme.records import LiaisonLine

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register


def roster(register: Register, programme: str | int | None = None) -> tuple[LiaisonLine, ...]:
    """Return leaders in charge and liaison officers in force: of a programme, or of the bureau's petition work.

    Raises:
        InputError: There is no such programme.
    """
    found = keeping.find(register, programme)["id"] if programme is not None else None
    rows = register.records("liaison", "programme IS ? AND ended_on IS NULL ORDER BY duty='liaison', id", (found,))
    return tuple(
        LiaisonLine(
            id=row["id"],
            programme=row["programme"],
            duty=row["duty"],
            name=row["name"],
            post=row["post"] or "",
            phone=row["phone"],
            from_on=date.fromisoformat(row["from_on"]),
        )
        for row in rows
    )


def set_liaison(
    register: Register,
    duty: str,
    name: str,
    phone: str,
    *,
    post: str = "",
    programme: str | int | None = None,
    by: Staff,
    at: datetime,
) -> int:
    """Name the leader in charge or the liaison officer from today; the one before ends. Returns the row.

    Raises:
        NotAllowedError: Neither head of the petition unit nor a leader.
        InputError: Unknown duty or programme.
        MissingPartError: No name or telephone: both go to the city.
    """
    policy.require_role(by, keeping.KEEPERS, "确定联络名单", "set the roster")
    if duty not in codes.codes("liaison_duty"):
        raise errors.InputError(
            "duty",
            f"没有“{duty}”这种联络职责。可用：{'、'.join(codes.codes('liaison_duty'))}。",
            f"There is no duty “{duty}”; there are: {', '.join(codes.codes('liaison_duty'))}.",
        )
    word, word_en = codes.word("liaison_duty", duty, "zh"), codes.word("liaison_duty", duty, "en")
    for field, value, zh, en in (("name", name, "姓名", "name"), ("phone", phone, "办公电话", "office telephone")):
        if not value.strip():
            raise errors.MissingPartError(
                (field,),
                f"{word}缺少{zh}：名单报市局须有姓名和电话（省厅方案，报送名单）。",
                f"{word_en}: the {en} is missing; the roster for the city has names and telephones (the plan).",
            )
    wanted = keeping.find(register, programme)["id"] if programme is not None else None
    today = at.astimezone().date()
    with register.act("set_liaison", by=by, at=at) as act:
        for row in register.records("liaison", "programme IS ? AND duty=? AND ended_on IS NULL", (wanted, duty)):
            act.set("liaison", row["id"], ended_on=today)
        return act.insert(
            "liaison",
            {
                "programme": wanted,
                "duty": duty,
                "name": name.strip(),
                "post": post.strip(),
                "phone": phone.strip(),
                "from_on": today,
            },
        )
