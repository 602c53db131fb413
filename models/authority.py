"""What the author of an entry may write at all, whatever the entry says.

A workstation is the county's own: its people are asked by `models.policy` before they act. The city bureau is not:
under its number (`models.device.CITY`) it sends papers, and the county's own people decide what becomes of them. So an
entry of the city makes and changes rows of `city_paper` and of no other table. And what is set as a workstation's key
is one, since all others read it. Desk and hub ask the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from models.checking import BadChangeError
from models.device import CITY
from models.journal import Change
from models.keyring import SEAL_PUBLIC_BYTES, SIGN_PUBLIC_BYTES

CITYS_TABLES = frozenset({"city_paper"})
"""Tables that the city may write."""
_KEYS = {
    name: re.compile(rf"[0-9a-f]{{{2 * size}}}\Z", re.ASCII)
    for name, size in (("sign_key", SIGN_PUBLIC_BYTES), ("seal_key", SEAL_PUBLIC_BYTES))
}


def check_author(device: int, changes: Iterable[Change]) -> None:
    """Refuse changes that are not their author's to make.

    Args:
        device: The author's number.
        changes: Of one entry, of this register's form.

    Raises:
        BadChangeError: `not_the_citys`, with the table; `bad_payload`, with the column of a key that is none.
    """
    for change in changes:
        if device == CITY and change.table not in CITYS_TABLES:
            raise BadChangeError("not_the_citys", change.table)
        if change.table == "device":
            for name, form in _KEYS.items():
                key = change.columns.get(name)
                if key is not None and not form.match(key):
                    raise BadChangeError("bad_payload", f"device.{name}")
