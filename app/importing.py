"""The import as the command line shows it: progress, Ctrl-C between chunks, refused rows listed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from app.common import Options, open_desk, stopped_by_interrupt, tell


def run(options: Options, file: Path, map_path: Path | None, *, dry_run: bool, refused_path: Path | None) -> None:
    """Import `file` and tell the report; see `models.imports.run_import`."""
    from models.imports import run_import

    desk = open_desk(options)
    try:
        with stopped_by_interrupt() as stopped:  # what is in stays, and the same command goes on from there
            report = run_import(
                desk,
                file,
                map_path,
                dry_run=dry_run,
                refused_to=refused_path,
                on_progress=_progress if sys.stderr.isatty() else None,
                cancelled=stopped,
            )
    finally:
        desk.close()
    tell(options, _plain(report), lambda: "\n".join(str(message) for message in report.messages()))


def _progress(progress: Any) -> None:
    share = f" {progress.fraction:.0%}" if progress.fraction is not None else ""
    click.echo(f"\r{progress.rows}{share}", nl=False, err=True)


def _plain(report: Any) -> dict[str, Any]:
    return {
        "file": report.file,
        "kind": report.kind,
        "map": report.map,
        "rows": report.rows,
        "added": report.added,
        "already": report.already,
        "refused": report.refused,
        "answers": report.answers,
        "supplemented": report.supplemented,
        "joined": report.joined,
        "dropped_columns": report.dropped,
        "columns_not_stored": report.not_stored,
        "dry_run": report.dry_run,
        "cancelled": report.cancelled,
        "notices": [{"zh": notice.zh, "en": notice.en} for notice in report.notices],
        "refused_rows": [_refused(row) for row in report.refused_rows],
        "refused_file": report.refused_file,
        "seconds": round(report.seconds, 3),
    }


def _refused(row: Any) -> dict[str, Any]:
    return {"line": row.line, "column": row.column, "value": row.value, "zh": row.zh, "en": row.en}
