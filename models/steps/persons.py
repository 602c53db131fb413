"""The people of a matter: petitioners, representatives, agents, signatories; the accused; the readers.

What is kept of a petitioner is what the matter needs: name, document, address, telephone (SC-431 Art. 17; REG-2022
Art. 19). An entry made by mistake is taken out with its reason and stays in the history.
"""

from __future__ import annotations

from typing import Any

from models import errors, intake, joint, names, people, projections
from models.act import Act
from models.steps.step import Check, Follow, Need, Step

PERSON_ZH = "《信访条例》第十七条、《信访工作条例》第十九条"
PERSON_EN = "SC-431 Art. 17, REG-2022 Art. 19"


def _need_sealed(step: Step) -> errors.RuleError | None:
    if step.matter["sealed"]:
        return None
    return errors.RuleError(
        "本事项没有限定知悉范围，没有指定的知悉人（《信访条例》第二十三条、《信访工作条例》第三十条）。",
        "This matter is not sealed: it has no named readers (SC-431 Art. 23, REG-2022 Art. 30).",
    )


def _check_reader(step: Step) -> None:
    if step.values["staff"] in projections.barred(step.register.connection, step.matter["id"]):
        raise errors.RuleError(
            "此人是被反映的人、属于被反映的单位或已回避，不能知悉本事项（部令第79号第十条、第十一条）。",
            "This person is accused, of an accused unit, or recused, and may not know of it (MPS-79 Arts 10, 11).",
        )


def _follow_name_reader(act: Act, step: Step) -> None:
    intake.add_reader(act, step.matter["id"], step.register.staff()[step.values["staff"]], step.values["reason"])


def _follow_name_accused(act: Act, step: Step) -> None:
    act.insert(
        "accused",
        {
            "matter": step.matter["id"],
            "kind": step.values["kind"],
            "name": step.values["name"],
            "staff": step.values.get("staff"),
            "unit": step.values.get("unit"),
        },
    )
    barred = projections.barred(act.connection, step.matter["id"])
    for row, staff in act.connection.execute(
        "SELECT id, staff FROM reader WHERE matter=? AND ended_on IS NULL", (step.matter["id"],)
    ).fetchall():
        if staff in barred:
            act.set("reader", row, ended_on=step.on)
    if step.matter["handler"] in barred:
        act.set("matter", step.matter["id"], handler=None)


def _follow_add_claim(act: Act, step: Step) -> None:
    matter = step.matter["id"]
    last = act.connection.execute("SELECT coalesce(max(place), 0) FROM claim WHERE matter=?", (matter,)).fetchone()[0]
    act.insert("claim", {"matter": matter, "place": last + 1, "request": step.values["request"]})


def _follow_complete_person(act: Act, step: Step) -> None:
    """Fill in what was not known of the petitioner; what is there already stays unless a new value was given."""
    matter = step.matter["id"]
    given = {
        name: step.values[name]
        for name in ("name", "phone", "address", "mail_address", "id_number")
        if step.values.get(name)
    }
    if "phone" in given:
        given["phone"] = intake.phone_of(given["phone"])
    if "id_number" in given:
        given["id_number"] = people.clean_id_number(given["id_number"])
    main = act.connection.execute(
        "SELECT id, name FROM person WHERE matter=? AND removed IS NULL ORDER BY main IS NOT 1, id LIMIT 1", (matter,)
    ).fetchone()
    if main is not None and (not main[1] or not given.get("name") or main[1] == given["name"]):
        act.set("person", main[0], **given)
        return
    item = act.connection.execute("SELECT id FROM item WHERE matter=? ORDER BY id LIMIT 1", (matter,)).fetchone()[0]
    row = {"matter": matter, "item": item, "role": "petitioner", "kind": "person", "main": main is None}
    act.insert("person", {**row, **given})


def person_named(rows: list[dict[str, Any]], wanted: object, field: str = "person") -> dict[str, Any]:
    """Return the person that is meant among a matter's, by row id, by order (1, 2, ...) or by name.

    Raises:
        InputError: None of them, or several of one name; names the field.
    """
    text = str(wanted).strip()
    number = int(text) if text.isdecimal() else 0
    found = [row for place, row in enumerate(rows, start=1) if number in (row["id"], place)]
    found = found or [row for row in rows if people.same_name(row["name"] or "", text)]
    if len(found) == 1:
        return found[0]
    listed = "、".join(f"{place}（{row['name'] or '—'}）" for place, row in enumerate(rows, start=1))
    if len(listed) > MOST_LISTED:
        listed = f"1 – {len(rows)}"
    many = bool(found)
    raise errors.InputError(
        field,
        f"有 {len(found)} 人叫“{text}”，请写序号：{listed}（{PERSON_ZH}）。"
        if many
        else f"本事项没有“{text}”这个人，可选：{listed}（{PERSON_ZH}）。",
        f"{len(found)} people are called “{text}”: give the number: {listed} ({PERSON_EN})."
        if many
        else f"The matter has no person “{text}”; there are: {listed} ({PERSON_EN}).",
    )


MOST_LISTED = 200
"""Characters of a list of people in a refusal; a longer one is told by its first and last number."""


def _latest_item(step: Step) -> dict[str, Any]:
    return step.register.records("item", "matter=? AND cancelled IS NULL ORDER BY id DESC LIMIT 1", (step.id,))[0]


def _visits(step: Step) -> bool:
    found = step.register.row(
        "SELECT 1 FROM item WHERE matter=? AND channel='visit' AND cancelled IS NULL LIMIT 1", (step.id,)
    )
    return found is not None


def _own(row: dict[str, Any]) -> joint.Signatory:
    return joint.Signatory(name=row["name"] or "", phone=row["phone"] or "", id_number=row["id_number"] or "")


def _check_add_person(step: Step) -> None:
    values, rows = step.values, step.rows("person")
    typed = joint.Signatory(name=values["name"], phone=values.get("phone", ""), id_number=values.get("id_number", ""))
    for row in rows:
        if (
            row["role"] == values["role"]
            and people.same_name(row["name"] or "", typed.name)
            and joint.may_be_same(_own(row), typed)
        ):
            raise errors.InputError(
                "name",
                f"“{typed.name}”已登记，请用“补充信访人信息”（{PERSON_ZH}）。",
                f"“{typed.name}” is entered already: complete that entry ({PERSON_EN}).",
            )
    if values["role"] == "agent":
        _check_agent(step, rows)
    elif values.get("acts_for"):
        raise errors.InputError(
            "acts_for",
            f"只有代理人才有被代理人（{PERSON_ZH}）。",
            f"Only an agent acts for someone ({PERSON_EN}).",
        )
    if values["role"] == "representative" and _visits(step):
        number = _latest_item(step)["people"] or len([row for row in rows if row["role"] != "agent"])
        joint.refuse_too_many(step.rules, number, 1 + sum(row["role"] == "representative" for row in rows))


def _check_agent(step: Step, rows: list[dict[str, Any]]) -> None:
    values = step.values
    if not values.get("acts_for"):
        raise errors.MissingPartError(
            ("acts_for",),
            f"代理人须写明被代理人（{PERSON_ZH}）。",
            f"An agent acts for someone: say whom ({PERSON_EN}).",
        )
    found = person_named([row for row in rows if row["role"] != "agent"], values["acts_for"], "acts_for")
    held = step.register.row(
        "SELECT 1 FROM document WHERE matter=? AND kind='mandate' AND state='incoming' LIMIT 1", (step.id,)
    )
    given = any(paper.kind == "mandate" for paper in step.given)
    if not (values.get("mandate") or held or given):
        raise errors.MissingPartError(
            ("mandate",),
            f"代理人须有授权委托书：请登记委托书，或写明其编号和日期（{PERSON_ZH}）。",
            f"An agent needs a written mandate: record the paper, or give its number and day ({PERSON_EN}).",
        )
    values["acts_for"] = found["id"]


def _follow_add_person(act: Act, step: Step) -> None:
    values = step.values
    agent = values["role"] == "agent"
    first = not step.rows("person", "role='petitioner'") and values["role"] == "petitioner"
    act.insert(
        "person",
        {
            "matter": step.id,
            "item": _latest_item(step)["id"],
            "role": values["role"],
            "kind": values.get("kind") or "person",
            "name": values["name"],
            "main": True if first else None,
            "id_kind": values.get("id_kind"),
            "id_number": people.clean_id_number(values.get("id_number", "")),
            "phone": intake.phone_of(values.get("phone", "")),
            "address": values.get("address"),
            "mail_address": values.get("mail_address"),
            "acts_for": values["acts_for"] if agent else None,
            "mandate": values.get("mandate"),
        },
    )


def _check_signatories(step: Step) -> None:
    known: dict[str, list[joint.Signatory]] = {}
    for row in step.rows("person", "role<>'agent'"):
        known.setdefault(names.fold_name(row["name"] or ""), []).append(_own(row))
    listed = joint.read_signatories(step.values["names"])
    new = [
        one
        for one in listed
        if not any(joint.may_be_same(one, other) for other in known.get(names.fold_name(one.name), ()))
    ]
    if not new:
        raise errors.InputError(
            "names",
            f"名单上的 {len(listed)} 人都已登记（{PERSON_ZH}）。",
            f"All {len(listed)} people of the list are entered already ({PERSON_EN}).",
        )
    step.values["signatories"] = new


def _follow_signatories(act: Act, step: Step) -> None:
    item = _latest_item(step)
    for one in step.values["signatories"]:
        act.insert(
            "person",
            {
                "matter": step.id,
                "item": item["id"],
                "role": "signatory",
                "kind": "person",
                "name": one.name,
                "id_number": one.id_number,
                "phone": intake.phone_of(one.phone),
                "address": one.address,
            },
        )
    count = len(step.rows("person", "role<>'agent'"))
    act.set("item", item["id"], people=max(item["people"] or 0, count))
    act.set("matter", step.id, joint=True)


def _check_remove_person(step: Step) -> None:
    rows = step.rows("person")
    found = person_named(rows, step.values["person"])
    agent = next((row for row in rows if row["acts_for"] == found["id"]), None)
    if agent is not None:
        raise errors.RuleError(
            f"“{agent['name']}”是此人的代理人，请先更正代理人（{PERSON_ZH}）。",
            f"“{agent['name']}” acts for this person: take out the agent first ({PERSON_EN}).",
        )
    others = [row for row in rows if row["role"] != "agent" and row["id"] != found["id"]]
    if not others and found["role"] != "agent" and not step.matter["anonymous"]:
        raise errors.RuleError(
            f"这是唯一的信访人，不能去掉：姓名有误的，请更正姓名（{PERSON_ZH}）。",
            f"This is the only petitioner and stays: put the name right instead ({PERSON_EN}).",
        )
    step.values["person"] = found["id"]


def _follow_remove_person(act: Act, step: Step) -> None:
    was_main = act.connection.execute("SELECT main FROM person WHERE id=?", (step.values["person"],)).fetchone()[0]
    act.set("person", step.values["person"], removed=step.values["reason"], main=False)
    following = step.rows("person", "role='petitioner'")
    if was_main and following:
        act.set("person", following[0]["id"], main=True)


def _check_remove_claim(step: Step) -> None:
    rows = step.rows("claim")
    wanted = step.values["claim"]
    found = next((row for row in rows if wanted in (row["place"], row["id"])), None)
    article_zh, article_en = "《信访条例》第三十二条、《信访工作条例》第三十二条", "SC-431 Art. 32, REG-2022 Art. 32"
    if found is None:
        listed = "、".join(str(row["place"]) for row in rows)
        raise errors.InputError(
            "claim",
            f"没有第 {wanted} 项诉求，现有：{listed}（{article_zh}）。",
            f"There is no claim {wanted}; there are: {listed.replace('、', ', ')} ({article_en}).",
        )
    if found["decision"]:
        raise errors.RuleError(
            f"第 {found['place']} 项诉求已有结论，不能去掉（{article_zh}）。",
            f"Claim {found['place']} is decided already and stays ({article_en}).",
        )
    if len(rows) == 1:
        raise errors.RuleError(
            f"这是唯一的诉求，不能去掉：请先补充正确的诉求（{article_zh}）。",
            f"This is the only claim and stays: add the right one first ({article_en}).",
        )
    step.values["claim"] = found["id"]


def _follow_remove_claim(act: Act, step: Step) -> None:
    act.set("claim", step.values["claim"], removed=step.values["reason"])


def _check_end_reader(step: Step) -> None:
    article_zh, article_en = "《信访条例》第二十三条、《信访工作条例》第三十条", "SC-431 Art. 23, REG-2022 Art. 30"
    readers = {
        row[0] for row in step.register.rows("SELECT staff FROM reader WHERE matter=? AND ended_on IS NULL", (step.id,))
    }
    staff = step.values["staff"]
    if staff not in readers:
        raise errors.InputError(
            "staff",
            f"此人不是本事项的知悉人（{article_zh}）。",
            f"This person is no reader of the matter ({article_en}).",
        )
    if staff == step.matter["handler"]:
        raise errors.RuleError(
            f"此人是承办人，请先改派承办人（{article_zh}）。",
            f"This person handles the matter: assign another officer first ({article_en}).",
        )
    if readers == {staff}:
        raise errors.RuleError(
            f"这是唯一的知悉人，结束后无人能办：请先增加知悉人（{article_zh}）。",
            f"This is the only reader, and nobody could handle it afterwards: name another one first ({article_en}).",
        )


def _follow_end_reader(act: Act, step: Step) -> None:
    for (row,) in act.connection.execute(
        "SELECT id FROM reader WHERE matter=? AND staff=? AND ended_on IS NULL", (step.id, step.values["staff"])
    ).fetchall():
        act.set("reader", row, ended_on=step.on)


def _check_group(step: Step) -> None:
    values = step.values
    number, representatives = values["people"], values.get("representatives")
    article_zh, article_en = "《信访条例》第十八条、《信访工作条例》第二十条", "SC-431 Art. 18, REG-2022 Art. 20"
    for field in ("people", "representatives"):
        if values.get(field, 1) < (field == "people"):
            raise errors.InputError(
                field,
                f"人数不可能是 {values[field]}，请核对（{article_zh}）。",
                f"A number of people cannot be {values[field]} ({article_en}).",
            )
    if representatives is not None and representatives > number:
        raise errors.InputError(
            "representatives",
            f"代表 {representatives} 人多于信访人数 {number} 人，请核对（{article_zh}）。",
            f"There are {representatives} representatives of {number} people ({article_en}).",
        )
    if _visits(step) and representatives:
        joint.refuse_too_many(step.rules, number, representatives)
    if values.get("group") == "yes" and not _visits(step):
        raise errors.RuleError(
            f"集体访是走访，本事项没有来访件（{article_zh}）。",
            f"A group visit is a visit, and the matter has none ({article_en}).",
        )


def _follow_group(act: Act, step: Step) -> None:
    values = step.values
    item = _latest_item(step)
    given = {name: values[name] for name in ("people", "representatives") if name in values}
    act.set("item", item["id"], **given)
    chosen = values.get("group")
    group = chosen == "yes" if chosen else joint.is_group(step.register, item["channel"], values["people"])
    act.set("matter", step.id, group_visit=group)


CHECKS: dict[str, Check] = {
    "name_reader": _check_reader,
    "end_reader": _check_end_reader,
    "add_person": _check_add_person,
    "add_signatories": _check_signatories,
    "remove_person": _check_remove_person,
    "remove_claim": _check_remove_claim,
    "set_group": _check_group,
}
FOLLOW: dict[str, Follow] = {
    "name_reader": _follow_name_reader,
    "end_reader": _follow_end_reader,
    "name_accused": _follow_name_accused,
    "add_claim": _follow_add_claim,
    "complete_person": _follow_complete_person,
    "add_person": _follow_add_person,
    "add_signatories": _follow_signatories,
    "remove_person": _follow_remove_person,
    "remove_claim": _follow_remove_claim,
    "set_group": _follow_group,
}
NEEDS: dict[str, Need] = {"sealed": _need_sealed}
