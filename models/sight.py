"""Reading a row for someone: the question that every surface asks before it shows or changes something of a matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models import errors, policy

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register


def matter_for(register: Register, matter: int, staff: Staff) -> dict[str, Any]:
    """Return the matter's row when `staff` sees it in full.

    Raises:
        InputError: No such matter, or one that the person may not know of (the two answers are the same).
        NotAllowedError: Sealed, and the person is no reader.
    """
    found = register.row(
        f"SELECT ({policy.known_sql(staff)}), ({policy.visible_sql(staff)}) FROM matter m WHERE id=?", (matter,)
    )
    if found is None or not found[0]:
        raise policy.unknown_matter(matter)
    if not found[1]:
        raise errors.NotAllowedError(
            "本事项内容限定知悉范围，您不在其中：只能看到编号、日期、期限和状态。",
            "This matter is for named readers only, and you are none: you see its number, dates, clocks and state.",
        )
    row = register.record("matter", matter)
    assert row is not None  # noqa: S101  the row was there in the line above, on the only connection
    return row


def matter_of(register: Register, table: str, row_id: int, staff: Staff) -> dict[str, Any]:
    """Return a row that belongs to a matter which `staff` sees in full.

    Raises:
        InputError: No such row, or one of a matter that the person may not know of (the two answers are the same).
        NotAllowedError: Sealed, and the person is no reader.
    """
    row = register.record(table, row_id)
    if row is not None:
        known = register.row(f"SELECT {policy.known_sql(staff)} FROM matter m WHERE id=?", (row["matter"],))
        row = row if known and known[0] else None
    if row is None:
        raise policy.unknown_matter(row_id)
    matter_for(register, row["matter"], staff)
    return row
