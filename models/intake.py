"""Intake: a visit, letter, call or web entry becomes an item, and opens a matter or joins an earlier one.

Everything received is registered (SC-431 Arts 21, 22; REG-2022 Arts 22, 23): nothing about the petitioner blocks; what
does block is only what makes a record meaningless: no channel, no day, a day in the future, no text at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from models import attachments, clocks, codes, errors, handovers, joint, lawbook, numbers, people, policy, projections
from models.records import Doubt, ItemDraft, PersonDraft, Registered, Staff

if TYPE_CHECKING:
    from models.act import Act
    from models.register import Register


EARLIEST = date(1949, 10, 1)
REPRESENTATIVES_AT_MOST = joint.REPRESENTATIVES_AT_MOST


def check(draft: ItemDraft, today: date, register: Register | None = None) -> None:
    """Refuse a draft that could not stand as a record.

    Args:
        draft: What was typed or imported.
        today: Last day that is possible.
        register: Whose local rules may allow fewer representatives; None: the national number counts.

    Raises:
        InputError: names the field.
    """
    if draft.channel not in codes.codes("channel"):
        known = "、".join(codes.word("channel", code, "zh") for code in codes.codes("channel"))
        raise errors.InputError(
            "channel",
            f"没有“{draft.channel}”这种信访形式，可用：{known}。",
            f"There is no channel “{draft.channel}”; use one of {', '.join(codes.codes('channel'))}.",
        )
    for field, day in (
        ("received_on", draft.received_on),
        ("transferred_on", draft.transferred_on),
        ("postmark_on", draft.postmark_on),
        ("problem_on", draft.problem_on),
    ):
        if day is None:
            continue
        if day > today:
            raise errors.InputError(
                field,
                f"日期 {day} 在今天（{today}）之后。请核对日期或工作站时钟。",
                f"The date {day} lies after today ({today}). Check it, or the workstation's clock.",
            )
        if day < EARLIEST and field != "problem_on":
            raise errors.InputError(
                field,
                f"日期 {day} 太早，不可能是收到日期。请核对。",
                f"The date {day} is too early for a day of receipt. Check it.",
            )
    said = draft.statement.strip() or draft.title.strip() or draft.claims or draft.attachments
    if not (said or draft.received_only):
        raise errors.InputError(
            "statement",
            "没有写反映的内容。请填写内容、诉求或附上材料。",
            "Nothing says what the matter is about. Enter the statement or a request, or attach the papers.",
        )
    if draft.purpose and draft.purpose not in codes.codes("purpose"):
        raise errors.InputError(
            "purpose", f"没有“{draft.purpose}”这种信访目的。", f"There is no purpose “{draft.purpose}”."
        )
    for field in ("people_count", "representatives", "involved"):
        number = getattr(draft, field)
        if number is not None and number < 0:
            raise errors.InputError(
                field, f"人数不可能是 {number}。请核对。", f"A number of people cannot be {number}. Check it."
            )
    _check_representatives(draft, register)


def _check_representatives(draft: ItemDraft, register: Register | None) -> None:
    chosen = max(draft.representatives or 0, sum(person.role == "representative" for person in draft.people))
    if draft.channel == "visit" and chosen:
        number = draft.people_count or len([person for person in draft.people if person.role != "agent"])
        book = register.law.book if register else clocks.shipped()
        overlay = lawbook.overlay_on(register, draft.received_on) if register else ""
        joint.refuse_too_many(book.rules_for(draft.received_on, overlay), number, chosen)


def representatives_doubt(register: Register, draft: ItemDraft) -> tuple[Doubt, ...]:
    """Return the sentence with which too many representatives will be refused, while they are still being typed."""
    try:
        _check_representatives(draft, register)
    except errors.InputError as refused:
        return (Doubt(field="representatives", zh=refused.message.zh, en=refused.message.en),)
    return ()


def title_of(draft: ItemDraft) -> str:
    """Return the draft's title, or one made from the first words of its text."""
    if draft.title.strip():
        return draft.title.strip()
    text = " ".join((draft.statement or " ".join(draft.claims)).split())
    if text:
        return text[:30] + ("…" if len(text) > 30 else "")
    if draft.attachments:
        return draft.attachments[0].name
    return f"待补录登记的{codes.word('channel', draft.channel, 'zh')}"


def register_item(
    act: Act, draft: ItemDraft, *, today: date | None = None, columns: Mapping[str, Any] | None = None
) -> Registered:
    """Register one item within an act.

    Args:
        act: The open act.
        draft: What was typed or imported.
        today: Last day that is possible; the act's own day by default.
        columns: Columns of the new matter that are known already (an import, practice data); see `models.life`.

    Returns:
        Ids and numbers to read out.

    Raises:
        InputError: see `check`; nothing was written.
    """
    register = act.register
    # What an import brings was received elsewhere and long ago: it is kept as it was, under the national number.
    check(draft, today or act.on, register if columns is None else None)
    year = draft.received_on.year
    matter = draft.repeat_of_matter
    earlier: int | None = None
    if matter is None:
        matter, number, query = _open_matter(act, draft, columns or {})
    else:
        found = register.row(
            "SELECT number, query_code FROM matter m WHERE id=? AND " + policy.known_sql(act.by), (matter,)
        )
        if found is None:
            raise policy.unknown_matter(matter)
        number, query = found
        first = register.row("SELECT id FROM item WHERE matter=? ORDER BY id LIMIT 1", (matter,))
        earlier = first[0] if first else None
    act.matter = act.matter or matter
    item = act.insert(
        "item",
        {
            "number": numbers.next_item_number(act, year),
            "matter": matter,
            "channel": draft.channel,
            "received_on": draft.received_on,
            "received_at": draft.received_at,
            "registered_at": act.at.isoformat(timespec="seconds"),
            "registered_by": act.by.id,
            "registered_unit": act.by.unit,
            "source": draft.source,
            "first_source": draft.source,
            "source_name": draft.source_name,
            "source_number": draft.source_number,
            "transferred_on": draft.transferred_on,
            "origin": draft.origin,
            "addressee": draft.addressee,
            "postmark_on": draft.postmark_on,
            "reception": draft.reception,
            "people": draft.people_count,
            "representatives": draft.representatives,
            "involved": draft.involved,
            "repeat": earlier is not None,
            "repeat_of": earlier,
            "remark": draft.remark,
            "address_unclear": draft.address_unclear,
        },
    )
    rows = [_add_person(act, matter, item, person) for person in draft.people]
    for row, person in zip(rows, draft.people, strict=True):
        if person.acts_for is not None and 0 <= person.acts_for < len(rows):
            act.set("person", row, acts_for=rows[person.acts_for])
    for accused in draft.accused:
        if accused.name.strip():
            act.insert(
                "accused",
                {
                    "matter": matter,
                    "kind": accused.kind,
                    "name": accused.name.strip(),
                    "post": accused.post,
                    "staff": accused.staff,
                    "unit": accused.unit,
                },
            )
    _seal(act, matter, draft)
    for kind, body in (("statement", draft.statement), ("facts", draft.facts), ("reasons", draft.reasons)):
        if body.strip():
            act.insert("passage", {"matter": matter, "item": item, "kind": kind, "body": body})
    have = register.row("SELECT count(*) FROM claim WHERE matter=?", (matter,))
    for place, request in enumerate(
        (claim for claim in draft.claims if claim.strip()), start=1 + (have[0] if have else 0)
    ):
        act.insert("claim", {"matter": matter, "place": place, "request": request.strip()})
    for attachment in draft.attachments:
        attachments.add(act, matter, attachment, item=item)
    kind = "transfer_received" if draft.transferred_on else "received"
    act.insert(
        "event", {"matter": matter, "item": item, "kind": kind, "on_date": draft.transferred_on or draft.received_on}
    )
    if draft.address_unclear or draft.anonymous:
        act.insert(
            "event",
            {
                "matter": matter,
                "item": item,
                "kind": "exempted",
                "on_date": draft.transferred_on or draft.received_on,  # not before the clock that it lifts
                "note": "姓名或住址不清，无法告知",
            },
        )
    item_number = act.connection.execute("SELECT number FROM item WHERE id=?", (item,)).fetchone()[0]
    return Registered(
        item=item,
        matter=matter,
        item_number=item_number,
        matter_number=number,
        query_code=query or "",
        warnings=numbers.warnings(act, item_number, number),
    )


def _open_matter(act: Act, draft: ItemDraft, columns: Mapping[str, Any]) -> tuple[int, str, str]:
    register = act.register
    overlay = lawbook.overlay_on(register, draft.received_on)
    rules = register.law.book.rules_for(draft.received_on, overlay)
    category = codes.category_of(draft.purpose)
    sealed = category == "accusation" or draft.confidential
    count = draft.people_count or len(
        [person for person in draft.people if person.role in ("petitioner", "representative")]
    )
    number = numbers.next_matter_number(act, draft.received_on.year)
    query = numbers.new_query_code(act)
    matter = act.insert(
        "matter",
        {
            "number": number,
            "title": title_of(draft),
            "received_on": draft.received_on,
            "rules": rules.id,
            "overlay": overlay,
            "state": "S0" if draft.received_only else "S1",
            "purpose": draft.purpose,
            "category": category,
            "content_code": draft.content_code,
            "content_label": draft.content_label,
            "problem_type": draft.problem_type,
            "police": draft.police,
            "place_code": draft.place_code,
            "problem_on": draft.problem_on,
            "problem_place": draft.problem_place,
            "cause": draft.cause,
            "unit": petition_unit(act),
            "joint": draft.joint,
            "anonymous": draft.anonymous,
            "group_visit": joint.is_group(register, draft.channel, count),
            "confidential": draft.confidential,
            "sealed": sealed,
            "query_code": query,
            **columns,
        },
    )
    return matter, number, query


def _seal(act: Act, matter: int, draft: ItemDraft) -> None:
    """Name the readers of a new sealed matter; seal an earlier one to which a petitioner now asks for confidence."""
    category, sealed = act.connection.execute("SELECT category, sealed FROM matter WHERE id=?", (matter,)).fetchone()
    if draft.confidential and not sealed:
        act.set("matter", matter, sealed=True, confidential=True)
        sealed = True
    elif draft.repeat_of_matter is not None:
        return
    if sealed:
        add_readers(act, matter, "accusation" if category == "accusation" else "confidential")


def petition_unit(act: Act) -> int:
    """Return the bureau's petition unit: responsible until another unit is named.

    Raises:
        RuleError: The register has none.
    """
    found = handovers.petition_unit(act.register)
    if found is None:
        raise errors.RuleError(
            "单位目录中没有信访部门，不能登记。请系统管理员先设置。",
            "The unit directory has no petition unit, so nothing can be registered. The keeper sets it first.",
        )
    return found


def add_readers(act: Act, matter: int, why: str) -> None:
    """Name the readers of a sealed matter.

    They are whoever does this act, the handler, and the roles that `policy.READERS` gives for `why`; never someone who
    is accused or recused, so the accused are entered before.
    """
    barred = projections.barred(act.connection, matter)
    handler = act.connection.execute("SELECT handler FROM matter WHERE id=?", (matter,)).fetchone()[0]
    for staff in act.register.staff().values():
        wanted = staff.id in (act.by.id, handler) or staff.roles & policy.READERS[why]
        if wanted and staff.id not in barred:
            add_reader(act, matter, staff, why)


def add_reader(act: Act, matter: int, staff: Staff, ground: str) -> None:
    """Make one person a reader of a sealed matter; nothing happens when they are already."""
    known = act.connection.execute(
        "SELECT 1 FROM reader WHERE matter=? AND staff=? AND ended_on IS NULL", (matter, staff.id)
    ).fetchone()
    if known is None:
        act.insert("reader", {"matter": matter, "staff": staff.id, "ground": ground})


def phone_of(text: str) -> str:
    """Return one number as digits, so that the same telephone is found again; several stay as they were typed."""
    forms = people.phone_forms(text)
    return forms[0] if len(forms) == 1 else text.strip()


def _add_person(act: Act, matter: int, item: int, person: PersonDraft) -> int:
    values: dict[str, Any] = {
        "matter": matter,
        "item": item,
        "role": person.role,
        "kind": person.kind,
        "name": person.name.strip(),
        "main": person.main,
        "id_kind": person.id_kind,
        "id_number": people.clean_id_number(person.id_number),
        "address": person.address,
        "address_code": person.address_code,
        "mail_address": person.mail_address,
        "postcode": person.postcode,
        "phone": phone_of(person.phone),
        "email": person.email,
        "mandate": person.mandate,
        "sex": person.sex,
        "born_on": person.born_on,
        "household": person.household,
        "workplace": person.workplace,
        "nationality": person.nationality,
    }
    return act.insert("person", values)
