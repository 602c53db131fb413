"""What an import tells: while it runs, and at its end, in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from models.errors import Message
from models.imports.rows import Refused

LISTED = 1000
"""Refused rows that the report itself lists; all of them are in the file of refused rows."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is. `fraction` of the file, 0..1, is None when it cannot be told."""

    rows: int
    added: int
    already: int
    refused: int
    fraction: float | None


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """The outcome. `rows` = `added` + `already` + `refused` for messages; reference tables count their own rows."""

    file: str
    kind: str = "items"
    """items, or the reference table: content_tree, divisions, divisions_former, holidays."""
    map: str = ""
    rows: int = 0
    added: int = 0
    already: int = 0
    """Rows that the register has already: nothing was added for them."""
    refused: int = 0
    answers: int = 0
    """Answers recorded, with added rows or later (see `supplemented`)."""
    supplemented: int = 0
    """Rows that were in before, whose answer is new and was added now."""
    joined: int = 0
    """Added items that joined a matter of the file or an earlier item, as the file says."""
    dropped: list[str] = field(default_factory=list)
    """Columns kept out by the boundary of the register."""
    not_stored: list[str] = field(default_factory=list)
    """Columns that no field of the map takes."""
    notices: list[Message] = field(default_factory=list)
    refused_rows: list[Refused] = field(default_factory=list)
    """The first `LISTED` refused rows."""
    refused_file: Path | None = None
    cancelled: bool = False
    dry_run: bool = False
    seconds: float = 0.0

    def tell(self, zh: str, en: str) -> None:
        """Add a notice."""
        self.notices.append(Message(zh, en))

    def messages(self) -> list[Message]:
        """Return the report as sentences, the summary first."""
        dry = ("试运行，未写入：", "dry run, nothing written: ") if self.dry_run else ("", "")
        lines = []
        if self.kind == "items":
            lines.append(
                Message(
                    f"{dry[0]}{self.file} 共 {self.rows} 行：新增 {self.added}，已有 {self.already}，"
                    f"拒收 {self.refused}；其中带答复 {self.answers}。",
                    f"{dry[1]}{self.file}, {self.rows} rows: {self.added} added, {self.already} in already, "
                    f"{self.refused} refused; {self.answers} with an answer.",
                )
            )
        lines += self.notices
        lines += [
            Message(f"第 {row.line} 行“{row.column}”：{row.zh}", f"line {row.line}, {row.column}: {row.en}")
            for row in self.refused_rows
        ]
        if self.refused > len(self.refused_rows):
            more = self.refused - len(self.refused_rows)
            lines.append(Message(f"另有 {more} 行拒收，见文件。", f"{more} more refused rows are in the file."))
        if self.refused_file is not None:
            lines.append(
                Message(
                    f"拒收的行已存入 {self.refused_file}，改正后可用同一映射再次导入。",
                    f"The refused rows are in {self.refused_file}; mend them and import that file with the same map.",
                )
            )
        if self.cancelled:
            lines.append(
                Message(
                    "导入已取消：已写入的行保留，再次导入同一文件会接着做。",
                    "The import was cancelled: what is in stays, and importing the same file again goes on from there.",
                )
            )
        return lines
