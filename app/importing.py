"""The import as the command line shows it: progress on standard error, Ctrl-C ends it between chunks, refused rows listed."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from app.common import Options, choose, open_desk, tell


def run(options: Options, file: Path, map_path: Path | None, *, dry_run: bool, refused_path: Path | None) -> None:
    """Import `file` and tell the report; see `models.imports.run_import`."""
    from models.imports import run_import

    desk = open_desk(options)
    stop: list[bool] = []
    try:
        with _interrupt(stop):
            report = run_import(
                desk, file, map_path, dry_run=dry_run, refused_to=refused_path, on_progress=_progress if sys.stderr.isatty() else None,
                cancelled=lambda: bool(stop),
            )  # fmt: skip
    finally:
        desk.close()
    tell(options, _plain(report), lambda: _text(report))


@contextlib.contextmanager
def _interrupt(stop: list[bool]) -> Iterator[None]:
    """Turn Ctrl-C into "stop after this chunk": what is in stays, and the same command goes on from there."""
    before = signal.signal(signal.SIGINT, lambda *_: stop.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _progress(progress: Any) -> None:
    share = f" {progress.fraction:.0%}" if progress.fraction is not None else ""
    click.echo(f"\r{progress.rows}{share}", nl=False, err=True)


def _plain(report: Any) -> dict[str, Any]:
    return {
        "file": report.file, "kind": report.kind, "map": report.map, "rows": report.rows, "added": report.added, "already": report.already,
        "refused": report.refused, "answers": report.answers, "supplemented": report.supplemented, "joined": report.joined,
        "dropped_columns": report.dropped, "columns_not_stored": report.not_stored, "dry_run": report.dry_run, "cancelled": report.cancelled,
        "notices": [{"zh": notice.zh, "en": notice.en} for notice in report.notices],
        "refused_rows": [_refused(row) for row in report.refused_rows], "refused_file": report.refused_file, "seconds": round(report.seconds, 3),
    }  # fmt: skip


def _refused(row: Any) -> dict[str, Any]:
    return {"line": row.line, "column": row.column, "zh": row.reason.zh, "en": row.reason.en}


def _text(report: Any) -> str:
    lines = [choose(
        f"{report.file}：{report.rows} 行，新增 {report.added}，已有 {report.already}，拒收 {report.refused}，答复 {report.answers}",
        f"{report.file}: {report.rows} rows, {report.added} added, {report.already} there already, {report.refused} refused, {report.answers} answers",
    )]  # fmt: skip
    lines += [str(notice) for notice in report.notices]
    for row in report.refused_rows[:50]:
        lines.append(choose(f"  第 {row.line} 行 {row.column}：{row.reason.zh}", f"  line {row.line} {row.column}: {row.reason.en}"))
    if report.refused > 50:
        lines.append(choose(f"  另有 {report.refused - 50} 行，见 {report.refused_file}", f"  {report.refused - 50} more, see {report.refused_file}"))
    elif report.refused_file:
        lines.append(choose(f"  已存入 {report.refused_file}，改好后可再导入", f"  saved to {report.refused_file}; mend it and import it again"))
    return "\n".join(lines)
