"""Taking a registered item or an issued letter out of force: both stay, with their number and the reason.

- An item is cancelled (登记撤销) only when nothing but its registration happened, or when it is a repeat item and
  nothing rests on what came with it. Everything received is registered (SC-431 Art. 22; REG-2022 Art. 22), so the item
  keeps its number. A matter whose last item is cancelled is filed (存查): S13, its clocks ended, its content kept.
- A letter is spoiled (作废) while it has not been served; its number stays with the reason (domain reference, 9.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models import acts, correct, errors, numbers
from models.journal import Change
from models.trail import Key, Trail, entry_at, key_of, key_text

if TYPE_CHECKING:
    from models.act import Act
    from models.steps.step import Step

_BESIDE = correct.REGISTRATIONS | {"print_receipt", "attach", "amend"}
"""Acts that belong to the registration itself."""

_CAME_WITH = ("person", "passage", "event", "attachment", "document")
"""Tables whose rows name the item that they came with."""


def need_registered_only(step: Step) -> errors.RuleError | None:
    """An item may be cancelled while the matter is no more than registered, or when it is a repeat item."""
    repeat = step.register.row(
        "SELECT 1 FROM item WHERE matter=? AND repeat=1 AND cancelled IS NULL LIMIT 1", (step.id,)
    )
    if step.matter["state"] == "S1" or repeat is not None:
        return None
    beside = sorted({*_BESIDE, "read_matter", "reverse"})
    newest = step.register.row(
        f"SELECT device, seq, act FROM entry e WHERE matter=? AND act NOT IN ({','.join('?' * len(beside))}) AND NOT"
        " EXISTS(SELECT 1 FROM correction c WHERE c.matter=e.matter AND c.device=e.device AND c.seq=e.seq AND"
        " c.kind='reverse' AND c.removed IS NULL) ORDER BY arrival DESC LIMIT 1",
        (step.id, *beside),
    )
    return _handled(newest[0], newest[1], newest[2]) if newest else _in_hand()


def need_issued(step: Step) -> errors.RuleError | None:
    """A letter can be spoiled when one was issued."""
    if step.register.row("SELECT 1 FROM document WHERE matter=? AND state='issued' LIMIT 1", (step.id,)) is not None:
        return None
    return errors.RuleError(
        "本事项没有已出具的文书可以作废（产品规则：只有本局出具的文书才作废，文号保留）。",
        "No letter of this matter is in force that could be spoiled (project rule: only letters of ours are).",
    )


def check_cancel(step: Step) -> None:
    """Refuse to cancel an item on which something was done.

    Raises:
        InputError: No such item of this matter.
        RuleError: It was cancelled before, or something rests on it: names what.
    """
    item = _item(step)
    others = [one for one in _items(step) if one["id"] != item["id"] and one["cancelled"] is None]
    trail = Trail(step.register, (step.id,))
    if others and not item["repeat"]:
        raise errors.RuleError(
            f"{item['number']} 之后还有重复件 {others[0]['number']}，不能撤销登记：请先撤销重复件的登记（产品规则）。",
            f"{item['number']} has the repeat item {others[0]['number']}: cancel that registration first (project"
            " rule).",
        )
    later = _rests_on(step, trail, item) if others else _done(trail)
    if later is not None:
        raise _handled(*later, trail.entries[later].act)
    if not others and step.matter["state"] != "S1":
        raise _in_hand()


def _handled(device: int, seq: int, act: str) -> errors.RuleError:
    return errors.RuleError(
        f"登记之后已办理“{acts.word(act, 'zh')}”（{key_text((device, seq))}），不能撤销登记：请先撤销该步骤"
        "（《信访条例》第二十二条；《信访工作条例》第二十二条：收到的信访件都须登记）。",
        f"After the registration came “{acts.word(act, 'en')}” ({key_text((device, seq))}): reverse that one first"
        " (SC-431 Art. 22, REG-2022 Art. 22: everything received is registered).",
    )


def _in_hand() -> errors.RuleError:
    return errors.RuleError(
        "本事项导入时已在办理，不能撤销登记（《信访工作条例》第二十二条：收到的信访件都须登记）。",
        "The matter was in hand when it was imported, and its registration is not cancelled (REG-2022 Art. 22:"
        " everything received is registered).",
    )


def cancel_item(act: Act, step: Step) -> None:
    """Cancel an item within an act, with what came with it; file a matter that has no other."""
    item, reason = _item(step), step.values["reason"]
    act.set("item", item["id"], cancelled=reason)
    if any(one["id"] != item["id"] and one["cancelled"] is None for one in _items(step)):
        for table, row in _came_with(step, item):
            correct.mark(act, table, row, reason, step.on)
        entry, changes = _other_changes(step, item)
        for change in changes:
            if change.seen is None:
                correct.mark(act, change.table, change.row, reason, step.on)
            else:  # the seal that the petitioner of this item asked for
                trail = Trail(step.register, (step.id,))
                back = {name: trail.before(entry, change.table, change.row, name) for name in change.columns}
                act.set(change.table, change.row, **back)
    else:
        for table in ("event", "document"):
            for found in step.register.records(table, f"matter=? AND {correct.STANDS[table]}", (step.id,)):
                correct.mark(act, table, found["id"], reason, step.on)
        act.insert(
            "event", {"matter": step.id, "kind": "closed", "on_date": step.on, "staff": step.by.id, "note": reason}
        )
        act.set("matter", step.id, state="S13", closing="filed", closed_on=step.on)
    act.insert("correction", {"matter": step.id, "kind": "cancel", "reason": reason})


def check_spoil(step: Step) -> None:
    """Refuse to spoil a letter that is not ours to spoil any more.

    Raises:
        InputError: No such document of this matter.
        RuleError: It is not issued, or was served.
    """
    document = _document(step)
    name = f"{document['title'] or ''} {document['number'] or ''}".strip()
    if document["state"] != "issued":
        raise errors.RuleError(
            f"“{name}”不是已出具的文书，不能作废（产品规则：只有本局出具的文书才作废，文号保留）。",
            f"“{name}” is not an issued letter and cannot be spoiled (project rule: only letters of ours are, and their"
            " number stays).",
        )
    served = step.register.row(
        "SELECT on_date FROM service WHERE matter=? AND document=? AND removed IS NULL AND outcome<>'failed' LIMIT 1",
        (step.id, document["id"]),
    )
    if served is None and document["kind"] == "answer":
        served = step.register.row(
            "SELECT on_date FROM event WHERE matter=? AND kind='served' AND withdrawn IS NULL AND on_date>=? LIMIT 1",
            (step.id, document["dated_on"]),
        )
    if served is not None:
        raise errors.RuleError(
            f"“{name}”已于 {served[0]} 送达，不能作废：请先撤销送达记录，或另行出具（《信访条例》第三十四条；"
            "《信访工作条例》第三十五条：期限自收到之日起算）。",
            f"“{name}” was served on {served[0]} and cannot be spoiled: reverse the service first, or issue another"
            " (SC-431 Art. 34; REG-2022 Art. 35: time runs from receipt).",
        )


def spoil(act: Act, step: Step) -> None:
    """Spoil a letter within an act; number and letter stay, with the reason."""
    numbers.spoil(act, _document(step)["id"], step.values["reason"])
    act.insert("correction", {"matter": step.id, "kind": "spoil", "reason": step.values["reason"]})


def _items(step: Step) -> list[dict[str, Any]]:
    return step.register.records("item", "matter=? ORDER BY id", (step.id,))


def _item(step: Step) -> dict[str, Any]:
    named = str(step.values["item"]).strip()
    for item in _items(step):
        if named in (item["number"], str(item["id"])):
            if item["cancelled"] is not None:
                raise errors.RuleError(
                    f"{item['number']} 的登记已撤销：{item['cancelled']}。",
                    f"{item['number']} was cancelled already: {item['cancelled']}.",
                )
            return item
    numbers_ = "、".join(item["number"] for item in _items(step))
    raise errors.InputError(
        "item", f"本事项没有信访件“{named}”，有：{numbers_}。", f"The matter has no item “{named}”; it has: {numbers_}."
    )


def _document(step: Step) -> dict[str, Any]:
    named = str(step.values["document"]).strip()
    found = [
        one
        for one in step.register.records("document", "matter=? ORDER BY id DESC", (step.id,))
        if named in (str(one["id"]), one["number"], one["code"])
    ]
    if found:
        return next((one for one in found if one["state"] == "issued"), found[0])
    raise errors.InputError(
        "document",
        f"本事项没有文书“{named}”：请写文号、核验码或编号。",
        f"The matter has no document “{named}”: give its number, verification code or id.",
    )


def _done(trail: Trail) -> Key | None:
    """Return the newest act in force on the matter that is more than its registration, or None."""
    for key, entry in reversed(trail.entries.items()):
        wrote = trail.changes[key] or entry.payload is None
        if wrote and entry.act not in _BESIDE and trail.stands(key):
            return key
    return None


def _born(step: Step, table: str, row: int) -> int:
    found = step.register.row(f"SELECT born FROM {table} WHERE id=?", (row,))
    return int(found[0]) if found else 0


def _came_with(step: Step, item: dict[str, Any]) -> list[tuple[str, int]]:
    """Return the rows in force that name the item."""
    return [
        (table, found["id"])
        for table in _CAME_WITH
        for found in step.register.records(
            table, f"matter=? AND item=? AND {correct.STANDS[table]} ORDER BY id", (step.id, item["id"])
        )
    ]


def _other_changes(step: Step, item: dict[str, Any]) -> tuple[Key, list[Change]]:
    """Return the item's registration, and what it wrote beside rows that name it: claims, accused, readers, the seal.

    An import writes many items in one entry: then nothing beside them is known to be this item's.
    """
    entry = entry_at(step.register.connection, _born(step, "item", item["id"]))
    if entry is None or entry.act != "register_item":
        return (0, 0), []
    changes = Trail(step.register, (step.id,)).changes[key_of(entry)]
    return key_of(entry), [one for one in changes if one.table not in ("item", "number", *_CAME_WITH)]


def _rests_on(step: Step, trail: Trail, item: dict[str, Any]) -> Key | None:
    """Return an act in force that set something of what came with a repeat item, or None."""
    entry = entry_at(step.register.connection, _born(step, "item", item["id"]))
    if entry is None:
        return None
    key = key_of(entry)
    wanted = {*_came_with(step, item), ("item", item["id"])}
    wanted |= {(one.table, one.row) for one in _other_changes(step, item)[1]}
    for change in trail.changes[key]:
        if (change.table, change.row) in wanted:
            found = trail.blocker(key, change)
            if found is not None and trail.entries[found].act not in _BESIDE:
                return found
    for table, row in _came_with(step, item):
        later = entry_at(step.register.connection, _born(step, table, row))
        if later is not None and key_of(later) != key and later.act not in _BESIDE:
            return key_of(later)
    return None
