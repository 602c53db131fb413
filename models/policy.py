"""The policy: one place that says who may do what to which matter, asked by every surface.

Three sights of a matter:

- *none*: the person is named as accused, belongs to an accused unit, or is recused. Neither matter nor hit nor count
  (Order MPS-79 Arts 10, 11; SC-431 Arts 23, 30; REG-2022 Arts 28, 30).
- *outline*: a sealed matter for someone who is no reader, or a keeper without a working role: number, dates, clocks,
  state.
- *full*: all others who work with the register.

Sealed are accusations (检举控告), matters whose petitioner asks for confidence, and matters from which someone is
recused. The two forms below, for one matter and for lists, are held equal by `tests/models/test_policy.py`.
"""

from __future__ import annotations

from models import errors
from models.records import Sight, Staff

WORKING_ROLES = frozenset({"REG", "PU", "HU", "HO", "LEG", "DL", "CH", "DI"})
"""Roles that read matters; KEEPER alone does not."""

READERS: dict[str, frozenset[str]] = {
    "accusation": frozenset({"PU", "DI"}),
    "confidential": frozenset({"PU", "DL", "CH"}),
    "recusal": WORKING_ROLES,
}
"""Roles that are made readers when a matter is sealed, by why it is sealed. Persons who are accused or recused are
barred all the same.
"""

ROLES = (*sorted(WORKING_ROLES), "KEEPER")


def sight(staff: Staff, *, sealed: bool, barred: bool, reader: bool) -> Sight | None:
    """Return what `staff` may see of one matter; None means: not even that it exists.

    Args:
        staff: The person asking.
        sealed: The matter's content is only for named readers.
        barred: The person is accused, of an accused unit, or recused.
        reader: The person is a named reader.
    """
    if barred:
        return None
    if not staff.roles & WORKING_ROLES:
        return "outline"
    if sealed and not reader:
        return "outline"
    return "full"


def known_sql(staff: Staff, matter: str = "m") -> str:
    """Return the SQL condition: `staff` may know of the matter `matter.id` (outline or full)."""
    return f"NOT EXISTS(SELECT 1 FROM bar WHERE bar.staff={int(staff.id)} AND bar.matter={matter}.id)"


def visible_sql(staff: Staff, matter: str = "m") -> str:
    """Return the SQL condition: `staff` may see the content of the matter in full."""
    if not staff.roles & WORKING_ROLES:
        return "0"
    return f"{known_sql(staff, matter)} AND ({matter}.sealed IS NOT 1 OR {reader_sql(staff, matter)})"


def reader_sql(staff: Staff, matter: str = "m") -> str:
    """Return the SQL condition: `staff` is a named reader of the matter."""
    return (
        f"EXISTS(SELECT 1 FROM reader WHERE reader.matter={matter}.id AND reader.staff={int(staff.id)}"
        " AND reader.ended_on IS NULL)"
    )


def require_role(staff: Staff, roles: frozenset[str], what_zh: str, what_en: str) -> None:
    """Refuse a person who has none of `roles`.

    Raises:
        NotAllowedError: names what was asked and which roles may.
    """
    if roles and not staff.roles & roles:
        names = "/".join(sorted(roles))
        raise errors.NotAllowedError(
            f"{staff.name}不能{what_zh}：须由 {names} 办理。",
            f"{staff.name} may not {what_en}: it takes one of {names}.",
        )


def unknown_matter(matter: object) -> errors.InputError:
    """Return the one answer for a matter that does not exist and for one the person may not know of."""
    return errors.InputError(
        "matter", f"没有这个信访事项：{matter}。请核对编号。", f"There is no such matter: {matter}. Check the number."
    )
