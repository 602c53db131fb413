"""What the author of an entry may write at all, whatever the entry says.

A workstation is the county's own: its people are asked by `models.policy` before they act. The city bureau is not:
under its number (`models.device.CITY`) it sends papers, and the county's own people decide what becomes of them. So an
entry of the city makes and changes rows of `city_paper` and of no other table. Desk and hub ask the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from models.checking import BadChangeError
from models.device import CITY
from models.journal import Change

CITYS_TABLES = frozenset({"city_paper"})
"""Tables that the city may write."""


def check_author(device: int, changes: Iterable[Change]) -> None:
    """Refuse changes that are not their author's to make.

    Args:
        device: The author's number.
        changes: Of one entry, of this register's form.

    Raises:
        BadChangeError: `not_the_citys`, with the table.
    """
    if device == CITY:
        for change in changes:
            if change.table not in CITYS_TABLES:
                raise BadChangeError("not_the_citys", change.table)
