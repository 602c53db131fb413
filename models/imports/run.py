"""Running an import: lines of a file become items of the register, many in one act, through the one write path.

Rules kept here:

- Each act holds at most `CHUNK` rows and one journal entry; a row that opens a sealed matter gets an entry of its
  own, so that its payload can be sealed by itself. What is in when an import is cancelled or killed stays in; a
  second run goes on.
- A row whose key (`origin`) is in the register adds nothing. If it now brings an answer that the register lacks,
  the answer is added to its matter.
- Nothing is lost silently: columns beyond the boundary, columns without a field, unknown words and refused rows are
  told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from models import codes, policy
from models.errors import InputError
from models.imports import maps, reference
from models.imports.boundary import folded, kept_out
from models.imports.maps import ImportMap
from models.imports.reading import Sheet, open_sheet
from models.imports.refused import RefusedFile, refused_path
from models.imports.report import LISTED, ImportReport, Progress
from models.imports.rows import REASON_HEADERS, Reader, Refused, SourceRow, origin_prefix
from models.life import begin, write

if TYPE_CHECKING:
    from models.act import Act
    from models.desk import Desk
    from models.register import Register

CHUNK = 200
"""Rows in one act at most: one journal entry of a reasonable size, one durable commit."""

_IMPORTERS = frozenset({"REG", "PU"})
_KEEPERS = frozenset({"PU", "KEEPER"})


def read_rows(path: Path, map_: ImportMap, *, today: datetime | None = None) -> Iterator[SourceRow | Refused]:
    """Read a file by a map without a register; columns beyond the boundary are not looked at.

    Args:
        path: csv, csv.gz or xlsx.
        map_: See `load_map`.
        today: Last day that is possible; now by default.
    """
    day = (today or datetime.now(UTC)).astimezone().date()
    with open_sheet(path, lambda headers: bool(map_.knows(headers))) as sheet:
        reader = Reader(map_, sheet.headers, day)
        for line in sheet.lines:
            yield reader.row(line)


def run_import(
    desk: Desk,
    path: Path,
    map_path: Path | None = None,
    *,
    dry_run: bool = False,
    refused_to: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    at: datetime | None = None,
) -> ImportReport:
    """Import a file into the register of a desk.

    Args:
        desk: The desk; its person is the registrar.
        path: csv, csv.gz or xlsx; only read.
        map_path: Map of columns; recognised from the header by default.
        dry_run: Read and check everything, write nothing (no file of refused rows either).
        refused_to: Where refused rows are saved; `FILE.refused.csv` by default.
        on_progress: Called after each chunk.
        cancelled: Asked between chunks; True ends the import, what is in stays.
        at: Instant of the acts (aware); now by default.

    Raises:
        InputError: The file or the map cannot be used.
        NotAllowedError: The person may not import this.
        StorageError: The register or the file of refused rows cannot be written.
    """
    started = time.monotonic()
    at = at or datetime.now(UTC)
    report = ImportReport(file=path.name, dry_run=dry_run)
    chosen = None if map_path is None else maps.load_map(map_path, ())
    with open_sheet(path, lambda headers: _known(headers, chosen)) as sheet:
        kind = "" if chosen else reference.reference_kind(sheet.headers)
        if kind:
            policy.require_role(desk.person, _KEEPERS, "导入基础数据", "import reference data")
            reference.import_reference(desk.register, kind, sheet, report, by=desk.person, at=at, dry_run=dry_run)
        else:
            policy.require_role(desk.person, _IMPORTERS, "导入信访件", "import items")
            run = _Run(desk, path, sheet, chosen or maps.load_map(None, sheet.headers), report, at, refused_to)
            try:
                run.go(on_progress or _quiet, cancelled or _never)
            except BaseException:
                run.refused.discard()
                raise
    report.seconds = time.monotonic() - started
    return report


def _known(headers: Sequence[str], chosen: ImportMap | None) -> bool:
    if chosen is not None:
        wanted = {folded(header) for header in headers if header}
        return len(wanted & chosen.columns.keys()) >= min(2, len(chosen.columns))
    return maps.recognise(headers) is not None or bool(reference.reference_kind(headers))


def _quiet(_: Progress) -> None:
    pass


def _never() -> bool:
    return False


class _Run:
    """One import on its way."""

    def __init__(
        self,
        desk: Desk,
        path: Path,
        sheet: Sheet,
        map_: ImportMap,
        report: ImportReport,
        at: datetime,
        refused_to: Path | None,
    ) -> None:
        self.register: Register = desk.register
        self.by = desk.person
        self.sheet = sheet
        self.map = map_
        self.report = report
        self.at = at
        report.map = map_.id
        kept = self._look_at_headers()
        self.reader = Reader(map_, sheet.headers, at.astimezone().date(), reference.content_codes(self.register))
        self.refused = RefusedFile(refused_to or refused_path(path, self.register.path.parent), sheet.headers, kept)
        self._units: dict[str, int] = {}
        self._staff = {one.name: one.id for one in self.register.staff().values()}
        for row, name, short in self.register.rows(
            "SELECT id, name, short FROM unit WHERE closed IS NOT 1 ORDER BY id DESC"
        ):
            self._units[name] = row
            if short:
                self._units.setdefault(short, row)

    def _look_at_headers(self) -> list[int]:
        """Tell what is kept out and what has no field; return the places of columns that may be written out again."""
        report, kept = self.report, []
        groups: dict[tuple[str, str], list[str]] = {}
        for place, header in enumerate(self.sheet.headers):
            if not header or header in REASON_HEADERS:
                continue
            beyond = kept_out(header)
            if beyond is not None:
                report.dropped.append(header)
                groups.setdefault((beyond.zh, beyond.en), []).append(header)
                continue
            kept.append(place)
            if self.map.target(header) is None:
                report.not_stored.append(header)
        for (zh, en), headers in groups.items():
            report.tell(
                f"未导入列“{'、'.join(headers)}”：属于{zh}，登记库不记录。",
                f"Dropped {', '.join(headers)}: {en} are not recorded in this register.",
            )
        if report.not_stored:
            report.tell(
                f"没有对应字段、未保存的列：{'、'.join(report.not_stored)}。需要时请在映射中指明。",
                f"No field takes these columns, so they were not stored: {', '.join(report.not_stored)}. "
                "Map them if needed.",
            )
        return kept

    def go(self, on_progress: Callable[[Progress], None], cancelled: Callable[[], bool]) -> None:
        """Read, check and write, chunk by chunk."""
        report = self.report
        chunk: list[SourceRow] = []
        lines = self.sheet.lines
        while not report.cancelled:
            try:
                line = next(lines, None)
            except InputError as error:
                self._write(chunk)
                report.notices.append(error.message)
                break
            if line is None:
                self._write(chunk)
                break
            report.rows += 1
            row = self.reader.row(line)
            if isinstance(row, Refused):
                self._refuse(row)
            else:
                chunk.append(row)
            if len(chunk) == CHUNK:
                self._write(chunk)
                chunk = []
                on_progress(self._progress())
                report.cancelled = cancelled()
        on_progress(self._progress())
        if not report.dry_run:
            report.refused_file = self.refused.finish()
        for (header, word), times in sorted(self.reader.unknown.items(), key=lambda one: -one[1])[:50]:
            report.tell(
                f"列“{header}”中的“{word}”不在代码表中（{times} 行），已作为文字写入备注。",
                f"{word} in {header} is in no code table ({times} rows); it was kept as words in the remark.",
            )

    def _progress(self) -> Progress:
        report = self.report
        return Progress(report.rows, report.added, report.already, report.refused, self.sheet.fraction())

    def _refuse(self, row: Refused) -> None:
        self.report.refused += 1
        if len(self.report.refused_rows) < LISTED:
            self.report.refused_rows.append(row)
        if not self.report.dry_run:
            self.refused.add(row)

    def _write(self, chunk: list[SourceRow]) -> None:
        """Write the rows of a chunk that are new."""
        known = self._known_origins([row.draft.origin for row in chunk])
        fresh: list[SourceRow] = []
        late: list[tuple[SourceRow, int]] = []
        for row in chunk:
            origin = row.draft.origin
            if origin in known:
                self.report.already += 1
                matter = known[origin]
                if row.life.answer and matter and self._unanswered(matter):
                    late.append((row, matter))
            else:
                known[origin] = 0
                fresh.append(row)
        if self.report.dry_run:
            self.report.added += len(fresh)
            self.report.answers += sum(1 for row in fresh if row.life.answer)
            return
        sealed = [row for row in fresh if self._seals(row)]
        plain = [row for row in fresh if not self._seals(row)]
        if plain or late:
            with self.register.act("import_items", by=self.by, at=self.at) as act:
                for row in plain:
                    self._begin(act, row)
                for row, matter in late:
                    self._supplement(act, row, matter)
                act.matter = None
        for row in sealed:
            with self.register.act("import_items", by=self.by, at=self.at) as act:
                self._begin(act, row)

    def _known_origins(self, origins: Sequence[str]) -> dict[str, int]:
        marks = ",".join("?" * len(origins))
        return dict(self.register.rows(f"SELECT origin, matter FROM item WHERE origin IN ({marks})", tuple(origins)))

    def _unanswered(self, matter: int) -> bool:
        return (
            self.register.row(
                "SELECT 1 FROM passage WHERE matter=? AND kind='answer' AND removed IS NULL LIMIT 1", (matter,)
            )
            is None
            and self.register.row("SELECT 1 FROM matter WHERE id=? AND opinion_on IS NULL", (matter,)) is not None
        )

    @staticmethod
    def _seals(row: SourceRow) -> bool:
        return row.draft.confidential or codes.category_of(row.draft.purpose) == "accusation"

    def _begin(self, act: Act, row: SourceRow) -> None:
        draft, life = row.draft, row.life
        earlier = self._earlier(row)
        columns = dict(life.columns)
        unresolved = []
        if row.unit_name and row.unit_name in self._units:
            columns["unit"] = self._units[row.unit_name]
        elif row.unit_name:
            unresolved.append(f"承办单位：{row.unit_name}")
        if row.handler_name and row.handler_name in self._staff:
            columns["handler"] = self._staff[row.handler_name]
        elif row.handler_name:
            unresolved.append(f"承办人：{row.handler_name}")
        if unresolved:
            draft = replace(draft, remark="\n".join([part for part in (draft.remark, *unresolved) if part]))
        try:
            if earlier is None:
                registered = begin(act, draft, replace(life, columns=columns))
                answered = bool(life.answer)
            else:
                draft = replace(draft, repeat_of_matter=earlier)
                answered = bool(life.answer) and self._unanswered(earlier)
                registered = begin(act, draft, replace(life, columns={}) if answered else type(life)())
                if answered:
                    act.set("matter", registered.matter, **life.columns)
                self.report.joined += 1
        except InputError as error:
            self._refuse(Refused(row.line, "", "", error.message.zh, error.message.en, row.cells))
            return
        self.report.added += 1
        self.report.answers += answered

    def _earlier(self, row: SourceRow) -> int | None:
        """Return the matter that a row says it belongs to, when the register has it from the same kind of file."""
        if row.matter_number:
            low = f"{self.map.id}:{origin_prefix(row.matter_number)}"
            found = self.register.row(
                "SELECT matter FROM item WHERE origin >= ? AND origin < ? LIMIT 1", (low, low[:-1] + "0")
            )
            if found:
                return int(found[0])
        if row.repeat_number and row.repeat_number != row.draft.source_number:
            found = self.register.row(
                "SELECT matter FROM item WHERE source_number=? AND cancelled IS NULL LIMIT 1", (row.repeat_number,)
            )
            if found:
                return int(found[0])
        return None

    def _supplement(self, act: Act, row: SourceRow, matter: int) -> None:
        write(act, matter, row.life)
        act.set("matter", matter, **row.life.columns)
        self.report.supplemented += 1
        self.report.answers += 1
