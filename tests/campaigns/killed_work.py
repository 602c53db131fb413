"""What the killed program was doing: each kind of work loops until it is killed and tells every acknowledged step.

Everything here runs in the child process of `tests.campaigns.kill_test`. `tell` writes one line to a pipe, always
after the step was acknowledged by the product; what is not told may or may not have happened.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from models import backup, door, intake, keyring, replay, schema
from models.desk import Desk
from models.imports.run import run_import
from models.records import AttachmentDraft, ItemDraft, PersonDraft
from models.register import NewPerson, Register, take_lock
from sync.carriers.folder import FolderCarrier
from sync.hub import sticks
from sync.hub.hub import Hub
from sync.port import RegisterPort
from sync.round import run_once

LOGIN, PASSPHRASE = "guan", "practice-1234"
COUNTY, CITY = "990101", "示例市公安局"
KEEPER = NewPerson(login=LOGIN, name="郑管理", passphrase=PASSPHRASE)
ROWS_A_FILE = 260
Tell = Callable[..., None]


def at() -> datetime:
    return datetime.now(UTC)


def open_register(path: Path, register_id: str, keys: keyring.Keys) -> Register:
    """Open as `Register.open` does, with the key derivation paid once for the whole campaign."""
    lock = take_lock(path)
    try:
        return Register._finish(path, lock, register_id, keys, LOGIN)
    except BaseException:
        lock.release()
        raise


def a_draft(dice: Random, title: str) -> ItemDraft:
    return ItemDraft(
        channel=dice.choice(["visit", "letter", "call", "web"]),
        received_on=at().astimezone().date(),
        title=title,
        statement="反映道路夜间施工噪音。" * dice.randrange(1, 300),
        claims=("依法处理",) * dice.randrange(3),
        people=(PersonDraft(name="王小明", main=True, phone=f"199{dice.randrange(10**8):08d}"),),
        purpose=dice.choice(["solution", "accusation", "suggestion", ""]),
        confidential=dice.random() < 0.1,
    )


def acts(register: Register, folder: Path, dice: Random, tell: Tell, mark: str) -> None:
    """Work at the counter: items, steps, papers, drafts, settings, readings."""
    desk = Desk(register)
    for n in range(10**9):
        step(desk, dice, tell, f"{mark}-{n}")


def step(desk: Desk, dice: Random, tell: Tell, mark: str) -> None:
    register = desk.register
    known = register.rows("SELECT id, state FROM matter WHERE state<>'S13' ORDER BY id DESC LIMIT 20")
    kind = dice.choice(["item", "item", "note", "screen", "paper", "draft", "draft", "setting", "read"])
    if kind == "item" or not known:
        done = desk.register_item(a_draft(dice, mark))
        tell(seq=register.seq, item=done.item_number, title=mark)
        return
    matter, state = dice.choice(known)
    if kind == "note":
        desk.perform(matter, "note", {"text": mark})
        tell(seq=register.seq, note=mark)
    elif kind == "screen" and state == "S1":
        desk.perform(matter, "screen", {"category": "claim", "exit": "6"})
        tell(seq=register.seq, screened=matter)
    elif kind == "paper":
        data = dice.randbytes(dice.choice([10, 5000, 300_000]))
        row = desk.attach(matter, AttachmentDraft(name=mark, media_type="image/png", data=data))
        tell(seq=register.seq, paper=row, sha256=hashlib.sha256(data).hexdigest())
    elif kind == "draft":
        mine = desk.drafts()
        if mine and dice.random() < 0.7:
            line = dice.choice(mine)
            kept = desk.save_draft("item", {"title": mark, "n": line.content["n"] + 1, "text": "字" * 2000}, line.id)
            tell(draft=kept, n=line.content["n"] + 1)
        else:
            tell(draft=desk.save_draft("item", {"title": mark, "n": 1}), n=1)
    elif kind == "setting":
        desk.set_setting("practice.kill", mark)
        tell(seq=register.seq, setting=mark)
    else:
        desk.matter(matter)
        tell(seq=register.seq)


def bulk(register: Register, folder: Path, dice: Random, tell: Tell, mark: str) -> None:
    """Import in bulk: acts of 50 items through the intake, and files through the importer."""
    desk = Desk(register)
    for n in range(10**9):
        if n % 2 == 0:
            with register.act("import_items", by=desk.person, at=at()) as act:
                made = [intake.register_item(act, a_draft(dice, f"{mark}-{n}-{place}")) for place in range(50)]
            tell(seq=register.seq, items=[one.item_number for one in made], titles=f"{mark}-{n}-")
            continue
        path = folder / f"{mark}-{n}.csv.gz"
        write_messages(path, f"{mark}-{n}")
        tell(file=path.name)
        run_import(desk, path, on_progress=lambda done, name=path.name: tell(file=name, rows=rows_in(done)))
        tell(seq=register.seq, file=path.name, rows=ROWS_A_FILE)


def rows_in(progress: Any) -> int:
    """Return how many rows a progress of the importer says are in."""
    return int(progress.rows)


def write_messages(path: Path, mark: str) -> None:
    """Write a file of invented web messages, whole before its name stands there."""
    beside = path.with_name(path.name + ".part")
    with gzip.open(beside, "wt", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"])
        for n in range(ROWS_A_FILE):
            answer = ("已经处理。", "2026/3/9 10:00") if n % 3 else ("", "")
            lines.writerow(
                [f"{mark}-{n}", f"U{n}", f"关于路灯的留言{n}", "2026/3/2 10:00", f"路灯不亮，第{n}条。", *answer]
            )
    beside.replace(path)


def backups(register: Register, folder: Path, dice: Random, tell: Tell, mark: str) -> None:
    """Back up over and over to the same name, with acts between."""
    desk = Desk(register)
    for n in range(10**9):
        step(desk, dice, tell, f"{mark}-{n}")
        desk.backup(folder / "backup.register")
        tell(backup=register.seq)


def restores(register: Register, folder: Path, dice: Random, tell: Tell, mark: str) -> None:
    """Restore a backup over a register that stands apart, over and over."""
    register.close()
    for n in range(10**9):
        backup.restore(folder / "source.register", folder / "restored" / "a.register", LOGIN, PASSPHRASE)
        tell(restored=n)


def rebuilds(register: Register, folder: Path, dice: Random, tell: Tell, mark: str) -> None:
    """Rebuild the register from its journal, over and over, with an act between."""
    path, register_id, keys = register.path, register.id, register.keys
    for n in range(10**9):
        step(Desk(register), dice, tell, f"{mark}-{n}")
        replay.rebuild(register)
        tell(rebuilt=n)
        register = open_register(path, register_id, keys)


def creations(register: Register, folder: Path, dice: Random, tell: Tell, mark: str) -> None:
    """Make new registers, and bring empty files of format 0 to this format."""
    keys = register.keys
    register.close()
    for n in range(10**9):
        if dice.random() < 0.5:
            name = f"{mark}-{n}.register"
            tell(creating=name)
            Register.create(folder / name, county=COUNTY, name="示例县公安局", keeper=KEEPER).close()
            tell(created=name)
        else:
            name = f"{mark}-{n}.empty"
            connection = door.connect(folder / name, keys.register_key, create=True)
            tell(empty=name)
            door.migrate(connection, folder / name)
            assert connection.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION
            connection.close()
            tell(migrated=name)


def syncs(register: Register, folder: Path, dice: Random, tell: Tell, mark: str) -> None:
    """Carry acts to a hub and receipts back, through a folder; desk and hub are killed together."""
    desk, port, stick = Desk(register), RegisterPort(register), FolderCarrier(folder / "stick")
    with Hub.open(folder / "hub") as hub:
        for n in range(10**9):
            for place in range(dice.randrange(1, 4)):
                step(desk, dice, tell, f"{mark}-{n}-{place}")
            run_once(port, stick)
            sticks.read_folder(hub, folder / "stick")
            report = run_once(port, stick)
            tell(receipted=report.receipted)


WORK: dict[str, tuple[Callable[[Register, Path, Random, Tell, str], None], int, int]] = {
    "acts": (acts, 40, 80),
    "import": (bulk, 20, 500),
    "backup": (backups, 10, 250),
    "restore": (restores, 4, 500),
    "rebuild": (rebuilds, 4, 500),
    "migration": (creations, 10, 600),
    "sync": (syncs, 12, 300),
}
"""Kind of work: what the child does, its share of the rounds, and within how many milliseconds it is killed."""
