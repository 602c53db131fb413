"""Verbs of the keeper: init, verify, backup, restore, rebuild, schema, import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app import services
from app.common import Options, choose, login_of, open_desk, passphrase, tell, verb
from models import errors


@click.command("init")
@click.option("--county", required=True, help="Six-digit division code.")
@click.option("--name", required=True, help="Full name of the bureau.")
@click.option("--login", "keeper_login", default="keeper", help="Login of the first keeper.")
@click.option("--keeper", "keeper_name", default="系统管理员", help="Name of the first keeper.")
@click.option("--device", type=click.IntRange(1, 4095), default=1, help="Number of this workstation in the county.")
@verb
def init(options: Options, county: str, name: str, keeper_login: str, keeper_name: str, device: int) -> None:
    """Make a new register with its first keeper, who holds every role until people are added."""
    from models.register import NewPerson, Register

    if not (county.isdigit() and len(county) == 6):
        raise errors.InputError(
            "county", f"行政区划代码应为六位数字：{county}。", f"The division code has six digits: {county}."
        )
    keeper = NewPerson(login=options.login or keeper_login, name=keeper_name, passphrase=passphrase(options))
    with Register.create(options.register, county=county, name=name, keeper=keeper, device_number=device) as register:
        result = {"register": register.path, "id": register.id, "county": county, "login": keeper.login}
    tell(
        options,
        result,
        choose(
            f"已新建登记库：{options.register}，登录名 {keeper.login}",
            f"Made the register {options.register}; login {keeper.login}",
        ),
    )


@click.command("verify")
@verb
def verify(options: Options) -> None:
    """Prove the register: pages, structure, chain, numbers, tables equal to their journal."""
    desk = open_desk(options)
    try:
        checks = services.verify(desk)
    finally:
        desk.close()
    good = all(check.holds for check in checks)
    tell(
        options,
        {
            "verified": good,
            "checks": [
                {"check": check.name, "holds": check.holds, "zh": check.finding.zh, "en": check.finding.en}
                for check in checks
            ],
        },
        "\n".join(f"{'✓' if check.holds else '✗'} {check.finding}" for check in checks),
    )
    if not good:
        raise errors.RegisterDamagedError("登记库未通过检验，见上。", "The register did not pass; see above.")


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@verb
def backup(options: Options, file: Path) -> None:
    """Copy the register, open the copy, check its pages and count its rows; only then is it called a backup."""
    desk = open_desk(options)
    try:
        done = desk.backup(file)
    finally:
        desk.close()
    tell(
        options,
        done,
        choose(
            f"备份已验证：{done.path}（{done.rows['matter']} 件事项，{done.bytes // 2**20} MiB）",
            f"Backup proved: {done.path} ({done.rows['matter']} matters, {done.bytes // 2**20} MiB)",
        ),
    )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@verb
def restore(options: Options, file: Path) -> None:
    """Put a backup in place of the register; what was there is kept."""
    from models import backup as backups
    from models import keyring

    login = options.login or keyring.logins(file)[0]
    kept = backups.restore(file, options.register, login, passphrase(options))
    tell(
        options,
        {"register": options.register, "kept": kept},
        choose(
            f"已恢复到 {options.register}" + (f"，原库保留为 {kept}" if kept else ""),
            f"Restored to {options.register}" + (f"; the old one is kept as {kept}" if kept else ""),
        ),
    )


@click.command("rebuild")
@verb
def rebuild(options: Options) -> None:
    """Make all tables again from the journal; the old file is kept."""
    from models import replay

    desk = open_desk(options)
    kept = replay.rebuild(desk.register)
    tell(
        options,
        {"register": options.register, "kept": kept},
        choose(f"已由日志重建；原文件保留为 {kept}", f"Rebuilt from the journal; the old file is kept as {kept}"),
    )


@click.command("schema")
@verb
def schema(options: Options) -> None:
    """Print the tables and columns of the register. Needs no register."""
    from models import schema as schemas
    from models.tables import TABLES

    tables: list[dict[str, Any]] = [
        {
            "table": table.name,
            "meaning": table.meaning,
            "columns": [
                {
                    "column": column.name,
                    "kind": column.kind,
                    "required": column.required,
                    "refers": column.refers,
                    "meaning": column.meaning,
                }
                for column in table.columns
            ],
        }
        for table in TABLES
    ]
    tell(options, {"version": schemas.VERSION, "tables": tables}, lambda: ";\n".join(schemas.declared_sql()) + ";")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "map_path",
    type=click.Path(path_type=Path),
    default=None,
    help="Map of columns (TOML); recognised from the headers otherwise.",
)
@click.option("--dry-run", is_flag=True, help="Read and check everything, write nothing.")
@click.option(
    "--refused",
    "refused_path",
    type=click.Path(path_type=Path),
    default=None,
    help="Where refused rows are saved (default: FILE.refused.csv).",
)
@verb
def import_(options: Options, file: Path, map_path: Path | None, dry_run: bool, refused_path: Path | None) -> None:
    """Import csv, csv.gz or xlsx; reports each refused row and saves it to be mended and imported again."""
    from app.importing import run

    run(options, file, map_path, dry_run=dry_run, refused_path=refused_path)


@click.command("passwd")
@click.option("--new-passphrase-file", type=click.Path(path_type=Path, exists=True), default=None)
@verb
def passwd(options: Options, new_passphrase_file: Path | None) -> None:
    """Change the passphrase of the person asking."""
    old = passphrase(options)
    desk = open_desk(options)
    try:
        new = (
            new_passphrase_file.read_text("utf-8").splitlines()[0]
            if new_passphrase_file
            else click.prompt(choose("新口令", "New passphrase"), hide_input=True, confirmation_prompt=True, err=True)
        )
        desk.change_passphrase(old, new)
    finally:
        desk.close()
    tell(options, {"login": login_of(options), "changed": True}, choose("口令已更改", "Passphrase changed"))


COMMANDS = (init, import_, verify, backup, restore, rebuild, schema, passwd)
