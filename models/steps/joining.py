"""One petitioner, one matter: two entries recorded as one person, and a matter joined to the one that it repeats.

A repeat is the same person *and* the same substance (published working rule, domain reference 10.4); both are said by
the officer, after the two were laid side by side (`models.repeats`). Everything here can be taken back: a wrong join
costs nothing. It joins entries and matters, never a profile: there is no page of a person, and no list by visits.
"""

from __future__ import annotations

from typing import Any

from models import earlier, errors, people, sight
from models.act import Act
from models.steps.persons import person_named
from models.steps.step import Check, Follow, Need, Step, write_fact

RULE_ZH = "重复信访件办理规则"
RULE_EN = "working rule on repeat items"
NOTICE_CLOCKS = ("C1", "C1t")


def _refuse_other_seal(step: Step, other: dict[str, Any]) -> None:
    """Refuse to tie an open matter to a sealed one: the tie alone would tell what is sealed."""
    if bool(step.matter["sealed"]) != bool(other["sealed"]):
        raise errors.RuleError(
            "两个事项中有一个限定知悉范围，不能关联，否则会透露其内容（《信访条例》第二十三条、《信访工作条例》第三十条）。",
            "One of the two matters is sealed: tying them would tell its content (SC-431 Art. 23, REG-2022 Art. 30).",
        )


# --- two entries, one petitioner


def _check_merge(step: Step) -> None:
    values = step.values
    own = person_named(step.rows("person"), values["person"])
    other_matter = step.matter
    if values.get("other_matter"):
        other_matter = sight.matter_for(step.register, values["other_matter"], step.by)
    theirs = step.register.records("person", "matter=? AND removed IS NULL ORDER BY id", (other_matter["id"],))
    other = person_named(theirs, values["same_as"], "same_as")
    if own["id"] == other["id"]:
        raise errors.InputError(
            "same_as", f"两处是同一条登记（{RULE_ZH}）。", f"Both are one and the same entry ({RULE_EN})."
        )
    _refuse_other_seal(step, other_matter)
    if "agent" in (own["role"], other["role"]):
        raise errors.RuleError(
            f"代理人不作为同一信访人认定，以被代理人为准（{RULE_ZH}）。",
            f"An agent does not count as the same person; the person represented does ({RULE_EN}).",
        )
    if own["kind"] != other["kind"]:
        raise errors.RuleError(
            f"一处是自然人，一处是单位，不能认定为同一信访人（{RULE_ZH}）。",
            f"One is a natural person, the other an organisation: not the same petitioner ({RULE_EN}).",
        )
    ids, other_ids = people.id_forms(own["id_number"] or ""), people.id_forms(other["id_number"] or "")
    if ids and other_ids and not set(ids) & set(other_ids):
        raise errors.RuleError(
            f"两处的证件号码不同，不能认定为同一信访人：有误录的，请先更正（{RULE_ZH}）。",
            f"The identity numbers differ: not the same petitioner; put a wrong one right first ({RULE_EN}).",
        )
    for row in _links(step, own["id"]):
        if other["id"] in (row["person"], row["same_as"]):
            raise errors.InputError(
                "same_as",
                f"这两处登记已认定为同一信访人（{RULE_ZH}）。",
                f"The two entries are recorded as one petitioner already ({RULE_EN}).",
            )
    values["person"], values["same_as"] = own["id"], other["id"]


def _links(step: Step, person: int) -> list[dict[str, Any]]:
    """Return the records that an entry is one person with another, whichever matter they were made on."""
    return step.register.records("same_person", "(person=?1 OR same_as=?1) AND removed IS NULL ORDER BY id", (person,))


def _follow_merge(act: Act, step: Step) -> None:
    values = step.values
    act.insert(
        "same_person",
        {"matter": step.id, "person": values["person"], "same_as": values["same_as"], "ground": values["ground"]},
    )


def _check_split(step: Step) -> None:
    own = person_named(step.rows("person"), step.values["person"])
    if not _links(step, own["id"]):
        raise errors.RuleError(
            f"“{own['name'] or '—'}”没有与其他登记认定为同一信访人（{RULE_ZH}）。",
            f"“{own['name'] or '—'}” is not recorded as one with another entry ({RULE_EN}).",
        )
    step.values["person"] = own["id"]


def _follow_split(act: Act, step: Step) -> None:
    for row in _links(step, step.values["person"]):
        act.set("same_person", row["id"], removed=step.values["reason"])


def _need_merged(step: Step) -> errors.RuleError | None:
    found = step.register.row(
        "SELECT 1 FROM person p JOIN same_person s ON s.person=p.id WHERE p.matter=?1 AND s.removed IS NULL"
        " UNION ALL SELECT 1 FROM person p JOIN same_person s ON s.same_as=p.id WHERE p.matter=?1 AND s.removed IS NULL"
        " LIMIT 1",
        (step.id,),
    )
    if found is not None:
        return None
    return errors.RuleError(
        f"本事项没有同一信访人的认定（{RULE_ZH}）。",
        f"No entry of the matter is recorded as one with another ({RULE_EN}).",
    )


# --- a matter that repeats an earlier one


def _check_join(step: Step) -> None:
    values = step.values
    target = sight.matter_for(step.register, values["earlier"], step.by)
    if target["id"] == step.id:
        raise errors.InputError(
            "earlier", f"不能并入本事项自身（{RULE_ZH}）。", f"A matter is not joined to itself ({RULE_EN})."
        )
    if target["joined"]:
        root = step.register.row("SELECT number FROM matter WHERE id=?", (target["joined"],))
        number = root[0] if root else ""
        raise errors.RuleError(
            f"{target['number']} 已并入 {number}，请直接并入 {number}（{RULE_ZH}）。",
            f"{target['number']} was itself joined to {number}: join to {number} ({RULE_EN}).",
        )
    if step.register.row("SELECT 1 FROM matter WHERE joined=? LIMIT 1", (step.id,)):
        raise errors.RuleError(
            f"已有其他事项并入本事项，本事项不能再并入别的事项（{RULE_ZH}）。",
            f"Other matters were joined to this one: it is not joined to another ({RULE_EN}).",
        )
    if target["received_on"] > step.matter["received_on"]:
        raise errors.RuleError(
            f"{target['number']} 收到在后，应当由它并入本事项（{RULE_ZH}）。",
            f"{target['number']} was received later: it is the one to be joined ({RULE_EN}).",
        )
    _refuse_other_seal(step, target)
    if "no" in (values["same_person"], values["same_substance"]):
        raise errors.RuleError(
            f"重复信访须是同一人、同一内容，二者缺一的是初次信访，应当办理（{RULE_ZH}）。",
            f"A repeat is the same person and the same substance; without both it is a first one, to be handled"
            f" ({RULE_EN}).",
        )
    found = next(
        one
        for one in earlier.of_same_person(step.register, step.matter, step.by, named=target["id"])
        if one.matter == target["id"]
    )
    if not found.same:
        why_zh = "，".join(reason.zh for reason in found.reasons)
        why_en = ", ".join(reason.en for reason in found.reasons)
        raise errors.RuleError(
            f"不能认定为同一信访人：{why_zh}（{RULE_ZH}）。", f"Not shown to be the same person: {why_en} ({RULE_EN})."
        )
    if _untold(step) and not values.get("told"):
        raise errors.MissingPartError(
            ("told",),
            "信访人尚未被告知：请写明告知或存查情况（《信访条例》第二十二条、《信访工作条例》第二十三条）。",
            "The petitioner was not told yet: say what was told or filed (SC-431 Art. 22, REG-2022 Art. 23).",
        )
    values["earlier"] = target["id"]


def _untold(step: Step) -> bool:
    """Return whether a notice to the petitioner is still owed; not when name or address are unclear."""
    marks = ",".join("?" * len(NOTICE_CLOCKS))
    found = step.register.row(
        f"SELECT 1 FROM duty WHERE matter=? AND clock IN ({marks}) LIMIT 1", (step.id, *NOTICE_CLOCKS)
    )
    return found is not None


def _follow_join(act: Act, step: Step) -> None:
    target = step.values["earlier"]
    first = act.connection.execute("SELECT id FROM item WHERE matter=? ORDER BY id LIMIT 1", (target,)).fetchone()[0]
    for item in step.register.records("item", "matter=? AND repeat IS NOT 1 ORDER BY id", (step.id,)):
        act.set("item", item["id"], repeat=True, repeat_of=first)
    act.set("matter", step.id, joined=target)
    if _untold(step):
        write_fact(act, step, "noticed", note=step.values["told"])


def _follow_unjoin(act: Act, step: Step) -> None:
    """Put the matter back to its registration: screened anew, its own notice still owed."""
    act.set("matter", step.id, joined=None, closed_on=None, closing=None, closing_nature=None)
    first = act.connection.execute(
        "SELECT id FROM item WHERE matter=? ORDER BY id LIMIT 1", (step.matter["joined"],)
    ).fetchone()[0]
    for item in step.register.records("item", "matter=? AND repeat_of=?", (step.id, first)):
        act.set("item", item["id"], repeat=False, repeat_of=None)
    closing = "(SELECT max(born) FROM event WHERE matter=?1 AND kind='closed' AND withdrawn IS NULL)"
    for (event,) in act.connection.execute(
        f"SELECT id FROM event WHERE matter=?1 AND withdrawn IS NULL AND born={closing}", (step.id,)
    ).fetchall():
        act.set("event", event, withdrawn=step.values["reason"])


def _need_joined(step: Step) -> errors.RuleError | None:
    if step.matter["joined"]:
        return None
    return errors.RuleError(
        f"本事项没有并入其他事项（{RULE_ZH}）。", f"The matter was not joined to another ({RULE_EN})."
    )


CHECKS: dict[str, Check] = {
    "merge_person": _check_merge,
    "split_person": _check_split,
    "join_matter": _check_join,
}
FOLLOW: dict[str, Follow] = {
    "merge_person": _follow_merge,
    "split_person": _follow_split,
    "join_matter": _follow_join,
    "unjoin_matter": _follow_unjoin,
}
NEEDS: dict[str, Need] = {"merged_person": _need_merged, "joined": _need_joined}
