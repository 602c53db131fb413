"""What one person asks of the ledgers: which there are, one as a paper, one as a file.

A file that leaves the register leaves a trace: it is journalled before it is written, as the export of a list is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from models import door, errors, policy
from models.errors import Message
from models.ledgers import items, key_cases, major, receptions, supervision
from models.ledgers.part import Asked

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register
    from models.sheets.content import Sheet

LEDGERS: dict[str, Message] = {
    "items": Message("信访台账", "Ledger of items"),
    "receptions": Message("局长接访台账", "Ledger of receptions"),
    "key-cases": Message("重点信访案件登记册", "Bound ledger of key cases"),
    "supervision": Message("督办台账", "Ledger of supervision"),
    "major": Message("重大、紧急信访事项台账", "Ledger of major and urgent matters"),
}
_MADE: dict[str, Callable[[Asked], Sheet]] = {
    "items": items.sheet,
    "receptions": receptions.sheet,
    "supervision": supervision.sheet,
    "major": major.sheet,
}
SUFFIXES = (".pdf", ".xlsx")


@dataclass(frozen=True, slots=True)
class Ledgers:
    """The ledgers as `person` may see them, looked at on `on`."""

    register: Register
    person: Staff
    on: date
    now: Callable[[], datetime]

    def sheet(self, ledger: str, frm: date | None = None, to: date | None = None, programme: str | int = "") -> Sheet:
        """Return a ledger as a paper, in the language spoken; its rows are read when it is written.

        Args:
            ledger: A key of `LEDGERS`.
            frm: First day; for a programme its first day by default, else the first of the month of `to`.
            to: Last day, included; today by default.
            programme: For the key cases: its key or row; the one that began last by default.

        Raises:
            InputError: There is no such ledger or programme; the last day lies before the first.
            NotAllowedError: The person has no working role.
        """
        policy.require_role(self.person, policy.WORKING_ROLES, "查看台账", "see ledgers")
        if ledger not in LEDGERS:
            raise errors.InputError(
                "ledger",
                f"没有“{ledger}”这种台账。可用：{'、'.join(LEDGERS)}。",
                f"There is no ledger “{ledger}”; there are: {', '.join(LEDGERS)}.",
            )
        if ledger == "key-cases":
            return self._cases(frm, to, programme)
        last = to or self.on
        return _MADE[ledger](self._asked(frm or last.replace(day=1), last))

    def _cases(self, frm: date | None, to: date | None, programme: str | int) -> Sheet:
        from models.programme import progress

        if not programme:
            found = progress.programmes(self.register, self.person, self.on)
            if not found:
                raise errors.InputError(
                    "programme",
                    "还没有设立重点信访案件专项，没有登记册。",
                    "There is no key-case programme yet, so there is no bound ledger.",
                )
            programme = found[0].id
        one = progress.programme(self.register, self.person, programme, self.on)
        return key_cases.sheet(self._asked(frm or one.from_on, to or max(self.on, one.to_on)), one.id)

    def _asked(self, frm: date, to: date) -> Asked:
        if to < frm:
            raise errors.InputError(
                "to",
                f"截止日 {to} 早于起始日 {frm}，请核对。",
                f"The last day {to} lies before the first day {frm}; check the two.",
            )
        return Asked(register=self.register, by=self.person, on=self.on, frm=frm, to=to)

    def export(self, sheet: Sheet, path: Path, at: datetime | None = None) -> None:
        """Write a ledger to a file, PDF or workbook by its name; journalled before it is written.

        Raises:
            InputError: The name ends neither with .pdf nor with .xlsx.
            StorageError, DiskFullError: The file cannot be written; nothing of it is left.
        """
        data = file_of(sheet, path)
        with self.register.act("export_list", by=self.person, at=at or self.now()):
            pass
        door.write_file(path, data)


def file_of(sheet: Sheet, path: Path) -> bytes:
    """Return a paper as the file that the name asks for: PDF or workbook.

    Raises:
        InputError: The name ends neither with .pdf nor with .xlsx.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise errors.InputError(
            "out",
            f"文件名“{path.name}”应以 .pdf 或 .xlsx 结尾。",
            f"The file name “{path.name}” must end with .pdf or .xlsx.",
        )
    if suffix == ".pdf":
        return _pdf(sheet)
    from models.sheets.xlsx import workbook_of

    return workbook_of(sheet)


def _pdf(sheet: Sheet) -> bytes:
    """Print a ledger; a character that no font has is marked and named under it (`models.sheets.printable`)."""
    from models.sheets.pdf import to_pdf

    try:
        return to_pdf(sheet)
    except errors.InputError as error:
        if error.field != "font":
            raise
        from models.sheets.printable import printable

        return to_pdf(printable(sheet))
