"""Putting a registered fact right (更正登记事项): one column of one row, with a reason; the history keeps both.

What may be put right stands in `resources/columns.toml` (`amend = true`): facts as they were taken down at the counter.
What an act decided is reversed and done anew (`models.correct`). Three rules beyond that:

- The day of receipt moves the clocks; it may not move the matter into another rule set, nor behind a later step
  (project rule: the set in force on the day of receipt stays with the matter).
- What an issued answer answers stands as it was answered: claims are not changed under it (REG-2022 Art. 32).
- Whom a matter accuses decides who may know of it: changed only by those who may name an accused, and whoever is
  barred by it stops being a reader or the handler (MPS-79 Art. 10; REG-2022 Art. 30).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from models import acts, codes, column_words, divisions, errors, intake, people, projections
from models.tables import BY_NAME

if TYPE_CHECKING:
    from models.act import Act
    from models.steps.step import Step

_AT_THE_COUNTER = frozenset({"statement", "facts", "reasons", "request"})
"""Texts that were taken down at registration; others are reversed and written anew."""

_DIVISIONS = frozenset({("matter", "place_code"), ("person", "address_code")})
_COUNTS = frozenset({"people", "representatives", "involved"})


def check(step: Step) -> None:
    """Refuse a correction that cannot be.

    Raises:
        InputError: No such row or column, or a value that cannot be.
        NotAllowedError: Somebody else puts this right.
        RuleError: It is not a registered fact, or a rule above says no.
    """
    table, row = _row(step)
    column = _column(step, table)
    if (table, column) == ("passage", "body") and row["kind"] not in _AT_THE_COUNTER:
        word, word_en = codes.word("passage", row["kind"], "zh"), codes.word("passage", row["kind"], "en")
        raise errors.RuleError(
            f"“{word}”是办理中形成的记录，不能改写：请撤销后重新记录（产品规则）。",
            f"“{word_en}” was made in the handling and is not rewritten: reverse it and record it anew (project rule).",
        )
    if table == "claim" and step.matter["opinion_on"] is not None:
        raise errors.RuleError(
            "处理意见已就各项诉求作出，诉求不能再更正：请先撤销处理意见（《信访条例》第三十二条；《信访工作条例》第三十二条）。",
            "The opinion answered the claims as they stand: reverse the opinion first (SC-431 Art. 32; REG-2022"
            " Art. 32).",
        )
    if table == "accused" and not step.by.roles & acts.rule("name_accused").roles:
        raise errors.NotAllowedError(
            "被反映单位或人的登记只能由登记员、信访部门负责人或督察更正（部令第79号第十条；《信访工作条例》第三十条）。",
            "Who is accused is put right by the registrar, the petition-unit head or the inspector only (MPS-79"
            " Art. 10; REG-2022 Art. 30).",
        )
    value = _value(step, table, column)
    if row[column] == value:
        raise errors.InputError(
            "value",
            "更正后的内容与原来相同，没有需要更正的。",
            "That is what stands there already: nothing to put right.",
        )
    if column == "received_on" or (table, column) == ("item", "transferred_on"):
        _check_day(step, _item_of(step, table, row), column, value)


def amend(act: Act, step: Step) -> None:
    """Write a correction within an act."""
    table, row = _row(step)
    column = _column(step, table)
    value = _value(step, table, column)
    if column == "received_on" or (table, column) == ("item", "transferred_on"):
        _move(act, step, _item_of(step, table, row), column, value)
    else:
        act.set(table, row["id"], **{column: value})
    if table == "accused":
        _bar(act, step)
    act.insert("correction", {"matter": step.id, "kind": "amend", "reason": step.values["reason"]})


def _row(step: Step) -> tuple[str, dict[str, Any]]:
    """Return table and row that the input `row` names: `person:123`, or `matter`."""
    named = str(step.values["row"]).strip()
    table, _, number = named.partition(":")
    if table == "matter":
        return table, step.matter
    known = [name for name in column_words.tables() if column_words.amendable(name)]
    if table in known and number.strip().isdecimal():
        stands = "cancelled" if table == "item" else "removed"
        found = step.register.records(
            table, f"matter=? AND id=? AND {stands} IS NULL", (step.id, int(number.strip()[:18]))
        )
        if found:
            return table, found[0]
    raise errors.InputError(
        "row",
        f"本事项没有“{named}”：请写成 matter 或 表:编号（如 person:123），表有：{'、'.join(known)}。",
        f"The matter has no row “{named}”: write matter, or table:id like person:123; tables: {', '.join(known)}.",
    )


def _column(step: Step, table: str) -> str:
    column = str(step.values["column"]).strip()
    known = column_words.amendable(table)
    if column in known:
        return column
    by_word = {column_words.column_word(table, one, "zh"): one for one in known}
    if column in by_word:
        return by_word[column]
    words = "、".join(f"{one}（{word}）" for word, one in by_word.items())
    raise errors.RuleError(
        f"“{column_words.table_word(table, 'zh')}”的“{column_words.column_word(table, column, 'zh')}”"
        f"不是可以更正的登记事项（办理中决定的，请撤销后重新办理）。可更正：{words}。",
        f"“{column}” is no registered fact that can be put right (what an act decided is reversed and done anew); there"
        f" are: {', '.join(known)}.",
    )


def _value(step: Step, table: str, column: str) -> Any:
    """Return the new value as it is stored; None to empty it.

    Raises:
        InputError: It cannot be.
    """
    declared = BY_NAME[table].column(column)
    text = str(step.values.get("value") or "").strip()
    word, word_en = column_words.column_word(table, column, "zh"), column_words.column_word(table, column, "en")

    def impossible(zh: str, en: str) -> errors.InputError:
        return errors.InputError("value", f"“{word}”{zh}", f"“{word_en}” {en}")

    if column == "removed":
        return step.values["reason"]
    if not text:
        if declared.required:
            raise impossible("不能为空。", "cannot be empty.")
        return None
    if column_words.code_table(table, column):
        return _code(column_words.code_table(table, column), text, impossible)
    if declared.kind == "flag":
        found = {"1": 1, "是": 1, "yes": 1, "true": 1, "0": 0, "否": 0, "no": 0, "false": 0}.get(text.lower())
        if found is None:
            raise impossible(f"应为“是”或“否”，不能是“{text}”。", f"is yes or no, not “{text}”.")
        return found
    if declared.kind == "date":
        return _day(step, text, impossible)
    if declared.kind == "int":
        return _count(column, text, impossible)
    if (table, column) in _DIVISIONS and text not in divisions.divisions():
        raise impossible(f"没有行政区划代码 {text}。", f"has no division code {text}.")
    if column == "phone":
        return intake.phone_of(text)
    return people.clean_id_number(text) if column == "id_number" else text


def _code(table: str, text: str, impossible: Any) -> str:
    found = text if text in codes.codes(table) else codes.code_for(table, text)
    if found is None:
        words = "、".join(codes.word(table, one, "zh") for one in codes.codes(table))
        raise impossible(
            f"没有“{text}”，可选：{words}。", f"has no choice “{text}”; there are: {', '.join(codes.codes(table))}."
        )
    return found


def _day(step: Step, text: str, impossible: Any) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise impossible(
            f"不是有效日期：{text}。请写成 2026-03-02。", f"is not a day: {text}. Write 2026-03-02."
        ) from None
    if day > step.on:
        raise impossible(f"的日期 {day} 在今天（{step.on}）之后。", f"lies after today ({step.on}): {day}.")
    return day.isoformat()


def _count(column: str, text: str, impossible: Any) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise impossible(f"应为人数，不能是“{text}”。", f"is a number of people, not “{text}”.")
    if column == "representatives" and int(text) > intake.REPRESENTATIVES_AT_MOST:
        raise impossible(
            f"不得超过 {intake.REPRESENTATIVES_AT_MOST} 人（《信访条例》第十八条、《信访工作条例》第二十条）。",
            f"are at most {intake.REPRESENTATIVES_AT_MOST} (SC-431 Art. 18, REG-2022 Art. 20).",
        )
    return int(text)


def _item_of(step: Step, table: str, row: dict[str, Any]) -> dict[str, Any]:
    if table == "item":
        return row
    return step.register.records("item", "matter=? ORDER BY cancelled IS NOT NULL, id LIMIT 1", (step.id,))[0]


def _check_day(step: Step, item: dict[str, Any], column: str, value: str | None) -> None:
    if "PU" not in step.by.roles:
        raise errors.NotAllowedError(
            "收到日期决定期限，只能由信访部门负责人更正（产品规则）。",
            "The day of receipt moves the time limits: the petition-unit head puts it right (project rule).",
        )
    if value is None:
        raise errors.InputError("value", "收到日期不能为空。", "The day of receipt cannot be empty.")
    day = date.fromisoformat(value)
    if day < intake.EARLIEST:
        raise errors.InputError(
            "value", f"日期 {day} 太早，不可能是收到日期。", f"{day} is too early for a day of receipt."
        )
    later = [event.on for event in step.events if event.item is None or event.kind not in _RECEIVED]
    first = min(later, default=None)
    if first is not None and day > first:
        raise errors.RuleError(
            f"收到日期 {day} 晚于之后的步骤（{first}），请核对，或先撤销该步骤。",
            f"The day of receipt, {day}, lies after a later step ({first}): check it, or reverse that step first.",
        )
    if column == "received_on" and _is_first(step, item):
        rules = step.register.law.book.rules_for(day, step.matter["overlay"] or "")
        if rules.id != step.matter["rules"]:
            raise errors.RuleError(
                f"{day} 收到的信访件适用 {rules.id}，本事项按 {step.matter['rules']} 办理，不能只改日期："
                "请撤销各步骤和登记后重新登记（产品规则：适用收到之日的规定）。",
                f"What was received on {day} is under {rules.id}, this matter under {step.matter['rules']}: reverse its"
                " steps, cancel the registration and register it anew (project rule: the rules of the day of receipt).",
            )


_RECEIVED = frozenset({"received", "transfer_received", "exempted"})
"""Dated facts that registration writes on the day of receipt."""


def _is_first(step: Step, item: dict[str, Any]) -> bool:
    first = step.register.row("SELECT min(id) FROM item WHERE matter=? AND cancelled IS NULL", (step.id,))
    return first is not None and first[0] == item["id"]


def _move(act: Act, step: Step, item: dict[str, Any], column: str, value: str | None) -> None:
    """Move a day of receipt with the dated facts that registration wrote on it; the first item moves its matter."""
    before = item[column]
    act.set("item", item["id"], **{column: value})
    if column == "received_on" and _is_first(step, item):
        act.set("matter", step.id, received_on=value)
    starts = item["transferred_on"] or item["received_on"]
    if before == starts and (column == "transferred_on" or item["transferred_on"] is None):
        for event in step.events:
            if event.item == item["id"] and event.kind in _RECEIVED and event.on.isoformat() == before:
                act.set("event", event.row or 0, on_date=value)


def _bar(act: Act, step: Step) -> None:
    """Let nobody read or handle the matter who is accused by what it says now."""
    barred = projections.barred(act.connection, step.id)
    for row, staff in act.connection.execute(
        "SELECT id, staff FROM reader WHERE matter=? AND ended_on IS NULL", (step.id,)
    ).fetchall():
        if staff in barred:
            act.set("reader", row, ended_on=step.on)
    if step.matter["handler"] in barred:
        act.set("matter", step.id, handler=None)
