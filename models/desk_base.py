"""What every part of the desk stands on: the open register, the person, and the workstation's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register


class AtDesk:
    """One person at one register."""

    register: Register
    person: Staff
    _now: Callable[[], datetime]

    @property
    def on(self) -> date:
        """The local calendar day by the workstation's clock."""
        return self._now().astimezone().date()
