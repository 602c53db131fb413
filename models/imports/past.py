"""Parts of a row that tell of people and of what happened after the receipt.

`people_of` and `accused_of` read who is named; `life_of` reads acceptance, answer, service and closing into a
`models.life.Life`, so that the clocks of an imported matter are counted from the same dated facts as those of our own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from models import codes
from models.imports.fields import BY_FIELD
from models.life import Life, LifeRating, LifeStep, answered
from models.records import AccusedDraft, PersonDraft

NOTE = "导入：原系统记录"
_UNIT_ENDS = (
    "所",
    "局",
    "队",
    "科",
    "室",
    "处",
    "站",
    "院",
    "委",
    "部",
    "公司",
    "中心",
    "大队",
    "支队",
    "政府",
    "单位",
)
_PERSON_FIELDS = (
    "name",
    "id_kind",
    "id_number",
    "address",
    "address_code",
    "mail_address",
    "postcode",
    "phone",
    "email",
    "sex",
    "born_on",
    "household",
    "workplace",
    "nationality",
    "mandate",
)
_NOT_COLUMNS = frozenset({"category", "status", "unit_name", "handler_name"})
_MATTER_COLUMNS = tuple(one.name for one in BY_FIELD.values() if one.part == "matter" and one.name not in _NOT_COLUMNS)


def people_of(got: Mapping[str, Any]) -> tuple[PersonDraft, ...]:
    """Return the petitioner, representatives, signatories and agent that a row names."""
    given = {name: got[name] for name in _PERSON_FIELDS if name in got}
    people: list[PersonDraft] = []
    if given:
        if "id_number" in given:
            given.setdefault("id_kind", "111" if re.fullmatch(r"\d{15}|\d{17}[\dXx]", given["id_number"]) else "")
        kind = got.get("person_kind", "person")
        people.append(PersonDraft(main=True, kind=kind, **given))
    for field_name, role in (("representative_names", "representative"), ("signatories", "signatory")):
        people += [PersonDraft(role=role, name=name) for name in got.get(field_name, ())]
    if got.get("agent_name"):
        people.append(
            PersonDraft(
                role="agent",
                name=got["agent_name"],
                phone=got.get("agent_phone", ""),
                id_number=got.get("agent_id_number", ""),
                acts_for=0 if given else None,
            )
        )
    return tuple(people)


def accused_of(got: Mapping[str, Any]) -> tuple[AccusedDraft, ...]:
    """Return whom a row complains of."""
    people = [
        AccusedDraft(name=name, kind="person", post=got.get("accused_post", ""))
        for name in got.get("accused_person", ())
    ]
    # A column "unit or person" holds both; whatever does not end like a unit may be a person, and a name that is taken
    # for a unit would not bar that person.
    units = [
        AccusedDraft(name=name, kind="unit" if _is_unit(name) else "person") for name in got.get("accused_unit", ())
    ]
    return tuple(people + units)


def _is_unit(name: str) -> bool:
    return name.endswith(_UNIT_ENDS) or (len(name) > 4 and "·" not in name)


def life_of(got: Mapping[str, Any]) -> Life:
    """Return what the row tells of the time after the receipt."""
    reply = got.get("reply", "")
    known = {"accepted_on", "opinion_on", "closed_on", "served_on", "status"} & got.keys()
    if reply and not known:
        return answered(reply, got["replied"][0], NOTE)
    columns: dict[str, Any] = {name: got[name] for name in _MATTER_COLUMNS if name in got}
    if "exit" in columns:
        columns["exit"] = int(columns["exit"])
    steps: list[LifeStep] = []
    opinion_on = got.get("opinion_on") or (got["replied"][0] if "replied" in got else None)
    if "accepted_on" in got:
        columns["accepted_on"] = got["accepted_on"]
        steps += [LifeStep(kind=kind, on=got["accepted_on"], note=NOTE) for kind in ("noticed", "accepted")]
    if "extended_on" in got and "extended_days" in got:
        steps.append(LifeStep(kind="extended", on=got["extended_on"], days=got["extended_days"], note=NOTE))
    if opinion_on:
        columns["opinion_on"] = opinion_on
        steps += [LifeStep(kind=kind, on=opinion_on, note=NOTE) for kind in ("opinion_issued", "sent")]
        if "accepted_on" not in got:
            steps.insert(0, LifeStep(kind="noticed", on=opinion_on, note=NOTE))
    if "served_on" in got:
        steps.append(LifeStep(kind="served", on=got["served_on"], note=NOTE))
    if "closed_on" in got:
        columns["closed_on"] = got["closed_on"]
        steps.append(LifeStep(kind="closed", on=got["closed_on"], note=NOTE))
    status = codes.value("status", got.get("status", ""))
    if status is not None:
        columns["state"] = status.state
    else:
        for name, state in (("closed_on", "S13"), ("served_on", "S8"), ("opinion_on", "S7"), ("accepted_on", "S4")):
            if name in columns or name in got:
                columns["state"] = state
                break
    return Life(columns=columns, steps=tuple(steps), answer=reply, ratings=_ratings(got))


def _ratings(got: Mapping[str, Any]) -> tuple[LifeRating, ...]:
    found = []
    for target in ("petition", "unit"):
        value = got.get(f"{target}_rating", "")
        state = got.get(f"{target}_rating_state", "") or ("rated" if value else "")
        if state:
            found.append(
                LifeRating(
                    target=target,
                    state=state,
                    value=value,
                    reason=got.get(f"{target}_rating_reason", ""),
                    rated_on=got.get(f"{target}_rated_on"),
                )
            )
    return tuple(found)
