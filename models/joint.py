"""Joint petitions: how many may speak for all, and the list of those who signed.

- Representatives of a joint visit are at most 5 (SC-431 Art. 18; REG-2022 Art. 20); a local regulation may say fewer
  for few people (Zhejiang 2016), which stands in its rule file.
- A number that makes a visit a group visit is in no law: it is counted from 5 people for statistics, and a setting.
- Signatories of a joint letter are stored as given. A pasted list is read liberally: one person a line, or several on
  one line parted by commas, or a table with telephone, identity number and address; who is named twice is one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models import errors, names, people
from models.errors import Message

if TYPE_CHECKING:
    from models.clocks import RuleSet
    from models.register import Register

REPRESENTATIVES_AT_MOST = 5
GROUP_FROM = 5
"""People from which a visit is counted as a group visit: statistical practice; setting `intake.group_from`."""

_NATIONAL = Message("《信访条例》第十八条、《信访工作条例》第二十条", "SC-431 Art. 18, REG-2022 Art. 20")
_PARTS = re.compile(r"[、，,；;\t|]")
_SEVERAL = re.compile(r"[\u4e00-\u9fff·]{2,}(?:\s+[\u4e00-\u9fff·]{2,})+")
"""Names of two characters or more parted by blanks: several people; “张 三” is one."""
_NUMBERED = re.compile(r"^\s*[(（]?\d{1,5}[.、．)）\s]\s*(?=\S)")
_HEADS = frozenset(
    {"姓名", "名字", "联名人", "序号", "电话", "手机", "手机号", "联系电话", "身份证号", "身份证号码", "公民身份号码"}
) | {"住址", "地址", "name", "phone", "address", "idnumber"}
"""Headings of a pasted table, folded as names are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """One name of a list, with what stood beside it."""

    name: str
    phone: str = ""
    id_number: str = ""
    address: str = ""


def representatives_cap(rules: RuleSet, number: int | None) -> tuple[int, Message]:
    """Return how many representatives a joint visit of `number` people may have, and where that stands.

    Args:
        rules: The matter's rule set, its overlay included.
        number: People of the visit; None when unknown: only the cap for any number holds then.
    """
    for fact in rules.facts:
        if fact.id != "representatives":
            continue
        for cap in fact.caps:
            if cap.people is None or (number is not None and number <= cap.people):
                return cap.most, fact.article
    return REPRESENTATIVES_AT_MOST, _NATIONAL


def refuse_too_many(rules: RuleSet, number: int | None, representatives: int) -> None:
    """Refuse more representatives of a joint visit than the law allows.

    Raises:
        InputError: Names the number, the cap and the article.
    """
    most, article = representatives_cap(rules, number)
    if representatives > most:
        raise errors.InputError(
            "representatives",
            f"推选的代表不得超过 {most} 人（{article.zh}），现为 {representatives} 人。",
            f"At most {most} representatives ({article.en}); {representatives} were entered.",
        )


def is_group(register: Register, channel: str, number: int) -> bool:
    """Return whether a visit of so many people is counted as a group visit."""
    return channel == "visit" and number >= int(register.setting("intake.group_from", GROUP_FROM))


def read_signatories(text: str) -> list[Signatory]:
    """Return the people of a pasted list, each once, in their order.

    Who stands twice with the same name, and with no identity number or telephone that differs, is one person; what one
    entry lacks is filled in from the other.

    Raises:
        InputError: There is no name in it.
    """
    places: dict[str, list[int]] = {}
    order: list[Signatory] = []
    for one in _entries(text):
        alike = places.setdefault(names.fold_name(one.name), [])
        place = next((place for place in alike if may_be_same(one, order[place])), None)
        if place is None:
            alike.append(len(order))
            order.append(one)
        else:
            order[place] = _joined(order[place], one)
    if not order:
        raise errors.InputError(
            "names",
            "名单里没有姓名：请每行写一人，或用顿号、逗号分开（《信访条例》第十七条、《信访工作条例》第十九条）。",
            "The list has no name: write one person a line, or part them by commas (SC-431 Art. 17, REG-2022 Art. 19).",
        )
    return order


def may_be_same(one: Signatory, other: Signatory) -> bool:
    """Return whether two entries of one name may be one person: no number of theirs differs."""
    ids, other_ids = people.id_forms(one.id_number), people.id_forms(other.id_number)
    if ids and other_ids:
        return bool(set(ids) & set(other_ids))
    phones, other_phones = people.phone_forms(one.phone), people.phone_forms(other.phone)
    return not (phones and other_phones) or bool(set(phones) & set(other_phones))


def _joined(one: Signatory, other: Signatory) -> Signatory:
    return Signatory(
        name=one.name,
        phone=one.phone or other.phone,
        id_number=one.id_number or other.id_number,
        address=one.address or other.address,
    )


def _entries(text: str) -> Iterable[Signatory]:
    for line in text.splitlines():
        plain = _NUMBERED.sub("", line).strip()
        cells = [cell.strip() for cell in _cells(plain)]
        numbered = any(character.isdigit() for character in plain)
        if (numbered and len(cells) == 1) or all(_SEVERAL.fullmatch(cell) for cell in cells):
            cells = [part for cell in cells for part in cell.split()]
        cells = [cell for cell in cells if cell]
        if not cells or all(names.fold_name(cell) in _HEADS for cell in cells):
            continue
        if numbered:
            yield _row(cells)
        else:
            yield from (Signatory(name=cell) for cell in cells)


def _cells(line: str) -> list[str]:
    if '"' in line:  # as a spreadsheet writes a cell that holds a comma
        return next(csv.reader(io.StringIO(line)), [])
    return _PARTS.split(line)


def _row(cells: list[str]) -> Signatory:
    """Return the person of a line that holds numbers: the first cell without digits is the name."""
    name, phone, id_number, address = "", "", "", ""
    for cell in cells:
        cleaned = people.clean_id_number(cell)
        if not name and not any(character.isdigit() for character in cell):
            name = cell
        elif not id_number and (len(cleaned) in (15, 18)) and cleaned[:-1].isdigit():
            id_number = cleaned
        elif not phone and people.phone_forms(cell) and not people.phone_doubts(cell):
            phone = cell
        elif not name and cell.isdigit() and len(cell) < 5:
            continue  # a running number
        else:
            address = f"{address} {cell}".strip()
    return Signatory(name=name or cells[0], phone=phone, id_number=id_number, address=address)
