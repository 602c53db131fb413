"""From a matter to the facts of a letter: what the register knows, with what the officer typed laid over it.

Everything that the law fixes (organ, dates, clocks, the matter's people and decisions) comes from the register; typed
fields fill only what the register cannot know (grounds, routes, wording of a reason).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from models import clocks, codes, errors, letter_given, projections
from models.letters import (
    ClaimFacts,
    LetterFacts,
    LetterField,
    PersonFacts,
    ServiceFacts,
    apply_fields,
    fields_for,
    kind_of,
)

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

_FROM_ACT: dict[str, dict[str, str]] = {
    "extension_notice": {"reason": "extension_reason", "days": "extended_days"},
    "destination_notice": {"destination_name": "destination"},
    "transfer_slip": {"destination_name": "receiving_organ"},
    "answer": {"unheard_reason": "hearing"},
}
"""Inputs of the act that a letter goes out with, and the letter's field that each one is."""

REMEDY_PAPERS = "书面复查申请、本意见书复印件和身份证明"
"""What to bring for a review, unless the bureau's setting organ.review_papers says otherwise."""

_WITH_PAPERS = frozenset({"receipt", "receipt_roll", "transfer_slip"})
"""Kinds that list the petitioner's papers: handed in, or sent on. No other letter encloses them."""

_GROUNDS = {
    "in_time_above": "in_hand",
    "skipped": "skipped_level",
    "statutory": "legal_procedure",
    "rereviewed": "rereview_done",
}
"""Code of the table refusal_ground to the choice of the wording that says it in full."""


def facts_of(
    register: Register,
    matter: int,
    kind: str,
    typed: Mapping[str, str],
    *,
    inputs: Mapping[str, Any],
    by: Staff,
    on: date,
    item: int | None = None,
) -> LetterFacts:
    """Return the facts of a letter of a matter.

    Args:
        register: The open register.
        matter: The matter.
        kind: Kind of the letter.
        typed: What the officer typed: fields of the kind (`models.letters.fields_for`).
        inputs: Inputs of the act that the letter goes out with; empty for a letter by itself.
        by: Who issues it.
        on: The day printed.
        item: For a receipt or form: the item; the first one by default.

    Raises:
        InputError: A typed field that the kind does not have, or a value that cannot be.
    """
    facts, filled = _untyped(register, matter, kind, inputs, by, on, item)
    return apply_fields(kind, facts, {**filled, **typed})


def facts_and_given(
    register: Register,
    matter: int,
    kind: str,
    typed: Mapping[str, str],
    *,
    inputs: Mapping[str, Any],
    by: Staff,
    on: date,
) -> tuple[LetterFacts, dict[str, str]]:
    """Return the facts of a letter, and what each field of it holds while the officer types nothing into it.

    Dates stand as YYYY-MM-DD, choices as their code; empty fields are left out. The arguments are those of `facts_of`.
    """
    known, filled = _untyped(register, matter, kind, inputs, by, on)
    facts, given = apply_fields(kind, known, {**filled, **typed}), apply_fields(kind, known, filled)
    values = {field.name: _plain(field, given.value(field.name)) for field in fields_for(kind, rules=given.rules)}
    return facts, {name: text for name, text in {**values, **filled}.items() if text}


def _untyped(
    register: Register,
    matter: int,
    kind: str,
    inputs: Mapping[str, Any],
    by: Staff,
    on: date,
    item: int | None = None,
) -> tuple[LetterFacts, dict[str, str]]:
    """Return what the register knows for a letter, and the fields that its act and the matter's columns fill."""
    row = _row(register, matter, kind, inputs, by)
    items = register.records("item", "matter=? ORDER BY cancelled IS NOT NULL, id", (matter,))
    chosen = next((found for found in items if found["id"] == item), items[0])
    facts = _known(register, row, chosen, by, on)
    come = next((found for found in items if found["id"] == inputs.get("of_item")), None)
    if come is not None:  # a later visit on the matter, with its own number: when it was received stays as it was
        people = come["people"] or facts.people_count
        facts = replace(facts, item_number=come["number"], channel=come["channel"], people_count=people)
    facts = replace(facts, **_clocked(register, row, kind, inputs, on), **_special(register, row, kind, inputs, on))
    facts = letter_given.given(register, row, facts, kind, by=by, on=on)
    if kind not in _WITH_PAPERS and not kind_of(kind).outlined:
        facts = replace(facts, attachments=())
    elif kind == "transfer_slip" and not facts.attachments:
        facts = replace(facts, attachments=(letter_given.REGISTERED,))
    return facts, _from_act(register, kind, row, inputs)


def _row(register: Register, matter: int, kind: str, inputs: Mapping[str, Any], by: Staff) -> dict[str, Any]:
    """Return the matter's row as the letter has it: the exit chosen now, and for a reply the signer's own unit."""
    row = register.record("matter", matter) or {}
    if inputs.get("exit"):
        row["exit"] = inputs["exit"]
    if kind == "department_reply" and by.unit is not None:
        row["unit"] = by.unit
    return row


def _plain(field: LetterField, value: Any) -> str:
    if field.kind == "choice" and value:
        return next((code for code, zh, _ in field.choices if value in (code, zh)), str(value))
    if isinstance(value, tuple):
        return "\n".join(map(str, value))
    return str(value) if isinstance(value, (str, date)) or (value and not isinstance(value, bool)) else ""


def _from_act(register: Register, kind: str, row: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that the act's inputs and the matter's own columns fill, as if they were typed."""
    if kind_of(kind).outlined:
        return letter_given.from_act(register, kind, inputs)
    given = {field: str(inputs[name]) for name, field in _FROM_ACT.get(kind, {}).items() if inputs.get(name)}
    named = "rereviewed" if kind == "no_longer_accepted_notice" else str(inputs.get("ground", ""))
    chosen_as = {"ground_choice": _GROUNDS.get(named, ""), "route_choice": f"exit{row['exit']}"}
    for field in fields_for(kind, rules=row["rules"]):
        if chosen_as.get(field.name) in [choice[0] for choice in field.choices]:
            given[field.name] = chosen_as[field.name]
    return given


def _special(
    register: Register, row: Mapping[str, Any], kind: str, inputs: Mapping[str, Any], on: date
) -> dict[str, Any]:
    """Return the facts that belong to one kind only."""
    if kind == "acceptance_notice" and inputs.get("unit"):
        return {"unit": register.units().get(int(inputs["unit"]), "")}
    if kind == "registration_form" and not register.row(
        "SELECT 1 FROM claim WHERE matter=? AND removed IS NULL LIMIT 1", (row["id"],)
    ):
        return {"claims": (ClaimFacts(request="未分项提出，见“事实”栏所述"),)}
    if kind == "service_proof":
        return {"service": _to_serve(register, row["id"])}
    if kind == "destination_notice":
        handing = "移送" if row["category"] == "accusation" else "转送"
        return {"destination": row["destination_name"] or "", "handing": handing, "handed_on": on}
    if kind == "route_notice" and row["exit"]:
        code = codes.table("exit").by_code[str(row["exit"])]
        return {"route": code.zh, "article": f"《信访工作条例》第三十一条第{'一二三四五六'[int(code.code) - 1]}项"}
    if kind in ("non_acceptance_notice", "no_longer_accepted_notice"):
        code_name = "rereviewed" if kind == "no_longer_accepted_notice" else str(inputs.get("ground", ""))
        found = codes.table("refusal_ground").by_code.get(code_name)
        if found is not None:
            return {
                "ground": found.zh,
                "article": _ARTICLES.get(code_name, ("", ""))[not row["rules"].startswith("SC-")],
            }
    return {}


_SERVED = ("answer", "extension_notice", "acceptance_notice", "non_acceptance_notice", "no_longer_accepted_notice",
           "route_notice", "destination_notice", "hearing_notice", "suggestion_reply")  # fmt: skip
"""Kinds that are handed to the petitioner and signed for."""


def _to_serve(register: Register, matter: int) -> ServiceFacts:
    """Return the letter that a proof of service is for: the latest one to the petitioner whose service is not recorded.

    Nothing when none waits: the proof cannot be issued then.
    """
    marks = ",".join("?" * len(_SERVED))
    found = register.row(
        f"SELECT title, number FROM document d WHERE matter=? AND state='issued' AND kind IN ({marks}) AND NOT EXISTS"
        "(SELECT 1 FROM service WHERE document=d.id AND outcome='served' AND removed IS NULL) ORDER BY id DESC LIMIT 1",
        (matter, *_SERVED),
    )
    title, number = found or ("", "")
    return ServiceFacts(document_title=title or "", document_number=number or "")


_ARTICLES = {
    "statutory": ("《信访条例》第十五条、第二十一条", "《信访工作条例》第二十三条"),
    "in_time_above": ("《信访条例》第十六条", "《信访工作条例》第十九条"),
    "skipped": ("《信访条例》第十六条", "《信访工作条例》第二十条"),
    "rereviewed": ("《信访条例》第三十五条", "《信访工作条例》第三十六条"),
}
"""Article of each ground: under the 2005 and under the 2022 regulation (domain reference, 6.5)."""


def _known(register: Register, row: Mapping[str, Any], item: Mapping[str, Any], by: Staff, on: date) -> LetterFacts:
    settings = register.settings()
    matter = row["id"]
    people = tuple(
        PersonFacts(
            name=person["name"] or "",
            kind=person["kind"],
            role=person["role"],
            id_kind=codes.word("id_kind", person["id_kind"]),
            id_number=person["id_number"] or "",
            address=person["address"] or "",
            mail_address=person["mail_address"] or "",
            phone=person["phone"] or "",
            mandate=person["mandate"] or "",
        )
        for person in register.records(
            "person", "matter=? AND removed IS NULL ORDER BY main IS NOT 1, role<>'petitioner', id", (matter,)
        )
    )
    texts: dict[str, str] = {}
    for passage in register.records("passage", "matter=? AND removed IS NULL ORDER BY id", (matter,)):
        texts[passage["kind"]] = passage["body"]
    registrar = register.staff().get(item["registered_by"])
    handler = register.staff().get(row["handler"])
    addressee, addressee_kind = _addressee(people)
    return LetterFacts(
        rules=row["rules"],
        organ=settings.get("organ.name", ""),
        dated_on=on,
        petition_unit=_unit_name(register, None),
        organ_address=settings.get("organ.address", ""),
        organ_phone=settings.get("organ.phone", ""),
        office_hours=settings.get("organ.hours", ""),
        addressee=addressee,
        addressee_kind=addressee_kind,
        addressee_address=next(
            (person.mail_address or person.address for person in people if person.mail_address or person.address), ""
        ),
        anonymous=bool(row["anonymous"]),
        category=row["category"] or "",
        matter_number=row["number"],
        item_number=item["number"],
        query_code=row["query_code"] or "",
        title=row["title"],
        channel=item["channel"],
        received_on=date.fromisoformat(item["received_on"]),
        received_at=item["received_at"] or "",
        source=item["source_name"] or ("" if item["source"] in (None, "own") else codes.word("source", item["source"])),
        source_number=item["source_number"] or "",
        transferred_on=_day(item["transferred_on"]),
        people=people,
        people_count=item["people"] or len(people),
        statement=texts.get("statement", ""),
        facts=texts.get("facts", ""),
        reasons=texts.get("reasons", ""),
        summary=row["title"],
        claims=tuple(
            ClaimFacts(request=claim["request"], decision=claim["decision"] or "", grounds=claim["grounds"] or "")
            for claim in register.records("claim", "matter=? AND removed IS NULL ORDER BY place", (matter,))
        ),
        contact_result=texts.get("answer", "") or _registered(row),
        registrar=registrar.name if registrar else "",
        unit=register.units().get(row["unit"], ""),
        handler=handler.name if handler else "",
        accepted_on=_day(row["accepted_on"]),
        attachments=tuple(
            paper["name"]
            for paper in register.records("attachment", "matter=? AND removed IS NULL ORDER BY id", (matter,))
        ),
        approver=" ".join(part for part in (by.post, by.name) if part),
        approved_on=on,
        hearing=texts.get("reception", ""),
        findings=texts.get("facts_found", ""),
        legal_basis=texts.get("basis", ""),
        remedy_organ=settings.get("organ.review", ""),
        remedy_papers=settings.get("organ.review_papers", "") or REMEDY_PAPERS,
    )


def _addressee(people: tuple[PersonFacts, ...]) -> tuple[str, str]:
    named = [person for person in people if person.name and person.role != "agent"]
    if not named:
        return "", "person"
    if len(named) == 1:
        return named[0].name, "organisation" if named[0].kind == "organisation" else "person"
    if len(named) <= 3:
        return "、".join(person.name for person in named), "people"
    return f"{named[0].name}等{len(named)}人", "people"


def _clocked(
    register: Register, row: Mapping[str, Any], kind: str, inputs: Mapping[str, Any], on: date
) -> dict[str, Any]:
    """Return the facts that the clock engine works out for this kind of letter."""
    rules, calendar = projections.rules_of(row["rules"], row["received_on"], register.law.book), register.calendar
    events = projections.events_of(register.connection, row["id"])

    def last(clock: str, start: date, extended: int = 0) -> date | None:
        try:
            return clocks.due(rules, clock, start, extended_days=extended, calendar=calendar).last_on
        except errors.CalendarMissingError:
            return None

    if kind == "acceptance_notice":
        start = next((event.on for event in events if event.kind == "accepted"), on)
        return {"accepted_on": start, "limit_days": rules.clock("C2").length, "due_on": last("C2", start)}
    if kind in ("receipt", "receipt_roll"):
        transferred = row["received_on"] if not any(event.kind == "transfer_received" for event in events) else None
        clock = "C1" if transferred else "C1t"
        start = next(event.on for event in events if event.kind in ("received", "transfer_received"))
        return {"limit_days": rules.clock(clock).length, "due_on": last(clock, start)}
    if kind == "extension_notice":
        start = next((event.on for event in events if event.kind == "accepted"), on)
        days = int(inputs.get("days") or next((event.days or 0 for event in events if event.kind == "extended"), 0))
        extension = rules.clock("C2").extension
        return {
            "most_extended_days": extension.max_days if extension is not None else None,
            "original_due_on": last("C2", start),
            "new_due_on": last("C2", start, days) if days else None,
            "extended_days": days,
        }
    if kind == "answer":
        return {"remedy_days": rules.clock("C3").length, "window_days": rules.clock("C3").length}
    return {}


def _registered(row: Mapping[str, Any]) -> str:
    """Return the least that every contact ends with: it was registered and can be looked up."""
    return f"已登记为 {row['number']}，告知查询码 {row['query_code']}" if row["query_code"] else ""


def _unit_name(register: Register, unit: int | None) -> str:
    found = register.row(
        "SELECT name FROM unit WHERE id=? OR (? IS NULL AND kind='petition') ORDER BY id LIMIT 1", (unit, unit)
    )
    return found[0] if found else ""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
