"""The people of a matter: petitioner, accused, readers."""

from __future__ import annotations

from models import errors, intake, people, projections
from models.act import Act
from models.steps.step import Check, Follow, Need, Step


def _check_reader(step: Step) -> None:
    if not step.matter["sealed"]:
        raise errors.RuleError(
            "本事项没有限定知悉范围，无须增加知悉人。", "This matter is not sealed: it needs no named readers."
        )
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


CHECKS: dict[str, Check] = {"name_reader": _check_reader}
FOLLOW: dict[str, Follow] = {
    "name_reader": _follow_name_reader,
    "name_accused": _follow_name_accused,
    "add_claim": _follow_add_claim,
    "complete_person": _follow_complete_person,
}
NEEDS: dict[str, Need] = {}
