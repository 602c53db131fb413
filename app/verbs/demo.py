"""The verb demo: a whole working day, headless."""

from __future__ import annotations

import os
from pathlib import Path

import click

from app.common import Options, choose, tell, verb
from models import errors


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path))
@verb
def demo(options: Options, folder: Path) -> None:
    """Do a whole working day on an invented register in FOLDER and write FOLDER/summary.json."""
    from app.workingday.run import run
    from models.practice import PRACTICE_PASSPHRASE

    passphrase = os.environ.get("PETITION_DESK_PASSPHRASE", "")
    if not passphrase:
        passphrase = PRACTICE_PASSPHRASE
        click.echo(choose(f"练习口令：{passphrase}", f"Practice passphrase: {passphrase}"), err=True)
    folder.mkdir(parents=True, exist_ok=True)
    summary = run(folder, passphrase, lambda zh, en: click.echo(choose(zh, en), err=True))
    failed = [name for name, holds in summary["checks"].items() if not holds]
    good = len(summary["checks"]) - len(failed)
    tell(
        options,
        summary,
        choose(
            f"{good} 项检查成立，{len(failed)} 项不成立；{folder / 'summary.json'}",
            f"{good} checks hold, {len(failed)} do not; {folder / 'summary.json'}",
        ),
    )
    if failed:
        raise errors.RuleError(f"不成立：{'、'.join(failed)}", f"Do not hold: {', '.join(failed)}")


COMMANDS = (demo,)
