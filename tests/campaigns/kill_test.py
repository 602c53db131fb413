"""Kill the program in the middle of its work, many times, and see that nothing acknowledged is lost.

    python -m tests.campaigns.kill_test N SEED

Each round forks a program that works on a real register and tells every acknowledged step through a pipe, kills it
(SIGKILL) at a random moment, opens the register again as the next start would, and checks: every acknowledged act,
paper, setting and draft is there; the chain and the structure are whole; a backup is the old one or the new one, whole;
an import goes on to exactly its rows; hub and desk agree. Every `FULL_EVERY` rounds all of `verify` must hold.

Ends with one line of figures; exit code 1 when anything was lost. SIGKILL leaves the system running: what a power cut
does to a disk's own cache is the business of synchronous=FULL and of the disk.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import orjson

from models import backup as backups
from models import door, errors, journal, keyring, replay, schema
from models.desk import Desk
from models.imports.run import run_import
from models.register import Register
from models.verify import verify
from sync import joining
from sync.carriers.folder import FolderCarrier
from sync.hub import checks, registry, sticks
from sync.hub.hub import Hub
from sync.port import RegisterPort
from sync.round import run_once
from tests.campaigns import killed_work as work

FULL_EVERY = 20
FRESH_EVERY = 40
"""Rounds on one register; then a new one, so that the time of a round does not grow."""


@dataclass(slots=True)
class Promised:
    """What the register has acknowledged so far."""

    seq: int = 0
    items: dict[str, str] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)
    screened: set[int] = field(default_factory=set)
    papers: dict[int, str] = field(default_factory=dict)
    drafts: dict[int, int] = field(default_factory=dict)
    setting: str = ""
    files: dict[str, int] = field(default_factory=dict)
    backup: int = 0
    receipted: int = 0
    created: list[str] = field(default_factory=list)
    creating: str = ""
    empties: list[str] = field(default_factory=list)

    def take(self, told: dict[str, Any]) -> int:
        """Take in one line that the killed program told; returns how many acts it acknowledges."""
        self.seq = max(self.seq, told.get("seq", 0))
        if "item" in told:
            self.items[told["item"]] = told["title"]
        if "items" in told:
            self.items.update({number: f"{told['titles']}{n}" for n, number in enumerate(told["items"])})
        if "note" in told:
            self.notes.add(told["note"])
        if "screened" in told:
            self.screened.add(told["screened"])
        if "paper" in told:
            self.papers[told["paper"]] = told["sha256"]
        if "draft" in told:
            self.drafts[told["draft"]] = told["n"]
        self.setting = told.get("setting", self.setting)
        if "file" in told:
            self.files[told["file"]] = max(told.get("rows", 0), self.files.get(told["file"], 0))
        self.backup = told.get("backup", self.backup)
        self.receipted = told.get("receipted", self.receipted)
        if "created" in told:
            self.created.append(told["created"])
            self.creating = ""
        self.creating = told.get("creating", self.creating)
        if "empty" in told:
            self.empties.append(told["empty"])
        return int("seq" in told) + int("draft" in told)


class Campaign:
    """One run: the folder, the register in it, what it has promised, and the figures."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.seed = seed
        self.dice = Random(seed)
        self.lost: list[str] = []
        self.figures: Counter[str] = Counter()
        template = folder / "template.register"
        with Register.create(template, county=work.COUNTY, name="示例县公安局", keeper=work.KEEPER) as register:
            self.register_id, self.keys = register.id, register.keys
        self.template = template
        self.place = folder
        self.promised = Promised()

    @property
    def path(self) -> Path:
        return self.place / "a.register"

    def begin_again(self, number: int) -> None:
        """Begin with a new register, its hub, its stick and its backup."""
        if self.place != self.folder:
            shutil.rmtree(self.place)
        self.place = self.folder / f"from-{number}"
        (self.place / "restored").mkdir(parents=True)
        (self.place / "stick").mkdir()
        shutil.copyfile(self.template, self.path)
        shutil.copyfile(keyring.path_of(self.template), keyring.path_of(self.path))
        self.promised = Promised()
        with self.open() as register:
            self.promised.seq = register.seq
            for name in ("source.register", "backup.register"):
                Desk(register).backup(self.place / name)
            port = RegisterPort(register)
            with Hub.create(self.place / "hub", city=work.CITY, address="https://127.0.0.1:1") as hub:
                answer = joining.accept_offer(port, registry.offer(hub, work.COUNTY), at=work.at())
                registry.enrol(hub, answer)

    def open(self, path: Path | None = None) -> Register:
        return work.open_register(path or self.path, self.register_id, self.keys)

    def round(self, number: int) -> None:
        """Let a program work, kill it, and look."""
        if number % FRESH_EVERY == 0:
            self.begin_again(number)
        names = list(work.WORK)
        kind = self.dice.choices(names, [work.WORK[name][1] for name in names])[0]
        told, killed = self.let_work(kind, number)
        self.figures["kills" if killed else "ended"] += 1
        self.figures[kind] += 1
        if not killed:
            self.miss(number, kind, "the program ended by itself")
        for line in told:
            if "trouble" in line:
                self.miss(number, kind, line["trouble"])
            self.figures["acknowledged"] += self.promised.take(line)
        try:
            self.look(number, kind)
        except errors.RegisterError as error:
            self.miss(number, kind, f"{type(error).__name__}: {error.message.en}")

    def let_work(self, kind: str, number: int) -> tuple[list[dict[str, Any]], bool]:
        """Fork, wait a random while, kill; returns what was told and whether the kill met a running program."""
        do, _, within_ms = work.WORK[kind]
        dice = Random(f"{self.seed}/{number}")
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.close(reading)

                def tell(**what: Any) -> None:
                    os.write(writing, orjson.dumps(what) + b"\n")

                try:
                    do(self.open(), self.place, dice, tell, f"r{number}")
                except BaseException as error:
                    tell(trouble=f"{type(error).__name__}: {error}"[:500])
            finally:
                os._exit(code)
        os.close(writing)
        first = b""
        if self.dice.random() < 0.9:  # most kills come after the first acknowledged step, some while it opens
            first = os.read(reading, 65536)
        time.sleep(self.dice.random() * within_ms / 1000)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        raw = first
        while part := os.read(reading, 65536):
            raw += part
        os.close(reading)
        return [orjson.loads(line) for line in raw.split(b"\n")[:-1]], os.WIFSIGNALED(status)

    def miss(self, number: int, kind: str, what: str) -> None:
        self.lost.append(f"round {number} ({kind}): {what}")
        print(self.lost[-1], file=sys.stderr, flush=True)

    # --- looking ------------------------------------------------------------------------------------------------------

    def look(self, number: int, kind: str) -> None:
        if kind == "migration":
            self.look_at_creations(number)
        if kind == "restore":
            self.look_at_restored(number)
        with self.open() as register:
            if kind == "import":
                self.look_at_imports(register, number)
            self.look_at_promises(register, number, kind)
            if kind == "sync":
                self.look_at_hub(register, number)
            if number % FULL_EVERY == FULL_EVERY - 1:
                self.figures["verified"] += 1
                for check in verify(register):
                    if not check.holds:
                        self.miss(number, kind, f"verify {check.name}: {check.finding.en}")
        if kind == "backup" or number % FULL_EVERY == 0:
            self.look_at_backup(number)
        for kept in self.place.glob("a.register.before-rebuild-*"):
            kept.unlink()

    def look_at_promises(self, register: Register, number: int, kind: str) -> None:
        promised = self.promised
        if register.seq < promised.seq:
            self.miss(number, kind, f"acknowledged up to {promised.seq}, found {register.seq}")
        _, good, broken = journal.check_chain(replay.entries_of(register.connection, device=register.device))
        if broken or good != register.seq:
            self.miss(number, kind, f"chain: {broken}, {good} of {register.seq}")
        if register.rows("PRAGMA quick_check") != [("ok",)] or register.rows("PRAGMA foreign_key_check"):
            self.miss(number, kind, "structure")
        if wrong := replay.wrong_digests(register.connection):
            self.miss(number, kind, f"{wrong} digests")
        items = dict(register.rows("SELECT item.number, title FROM item JOIN matter ON matter.id=item.matter"))
        notes = {row[0] for row in register.rows("SELECT body FROM passage WHERE kind='note'")}
        screened = {row[0] for row in register.rows("SELECT id FROM matter WHERE state='S2'")}
        papers = dict(register.rows("SELECT id, sha256 FROM attachment"))
        drafts = {row[0]: orjson.loads(row[1])["n"] for row in register.rows("SELECT id, content FROM draft")}
        gone = {
            "items": [one for one, title in promised.items.items() if items.get(one) != title],
            "notes": promised.notes - notes,
            "screenings": promised.screened - screened,
            "papers": [one for one, digest in promised.papers.items() if papers.get(one) != digest],
            "drafts": [one for one, n in promised.drafts.items() if drafts.get(one, 0) < n],
            "chunks": register.rows("SELECT id FROM attachment WHERE sha256 NOT IN (SELECT sha256 FROM chunk)"),
        }
        for what, which in gone.items():
            if which:
                self.miss(number, kind, f"lost {what}: {list(which)[:5]}")
        if promised.setting and not register.setting("practice.kill"):
            self.miss(number, kind, "lost the setting")

    def look_at_imports(self, register: Register, number: int) -> None:
        """Every acknowledged row is in; importing once more brings exactly the rest."""
        for name, rows in self.promised.files.items():
            path = self.place / name
            if not path.exists():
                continue
            mark = name.removesuffix(".csv.gz")
            if (found := self.imported(register, mark)) < rows:
                self.miss(number, "import", f"{name}: {rows} rows acknowledged, {found} found")
            run_import(Desk(register), path)
            if (found := self.imported(register, mark)) != work.ROWS_A_FILE:
                self.miss(number, "import", f"{name}: {found} rows after importing again")
            self.figures["imports gone on"] += 1
            path.unlink()

    @staticmethod
    def imported(register: Register, mark: str) -> int:
        found = register.row("SELECT count(*) FROM item WHERE origin LIKE ?", (f"%{mark}-%",))
        return int(found[0]) if found else 0

    def look_at_backup(self, number: int) -> None:
        """The backup is the old one or a new one, whole."""
        with self.open(self.place / "backup.register") as copy:
            _, good, broken = journal.check_chain(replay.entries_of(copy.connection, device=copy.device))
            if broken or good != copy.seq or copy.seq < self.promised.backup:
                self.miss(number, "backup", f"{broken}, {good} of {copy.seq}, {self.promised.backup} acknowledged")
            if copy.rows("PRAGMA cipher_integrity_check"):
                self.miss(number, "backup", "pages")
        self.figures["backups opened"] += 1

    def look_at_restored(self, number: int) -> None:
        """The register there is whole, or what it replaced is kept and restoring again works."""
        target = self.place / "restored" / "a.register"
        if not target.exists():
            backups.restore(self.place / "source.register", target, work.LOGIN, work.PASSPHRASE)
        with self.open(target) as restored:
            _, good, broken = journal.check_chain(replay.entries_of(restored.connection, device=restored.device))
            if broken or good != restored.seq or restored.epoch < 2:
                self.miss(number, "restore", f"{broken}, {good} of {restored.seq}, epoch {restored.epoch}")
        for kept in target.parent.glob("*.replaced-*"):
            kept.unlink()

    def look_at_creations(self, number: int) -> None:
        promised = self.promised
        for name in promised.created[-2:]:
            Register.open(self.place / name, work.LOGIN, work.PASSPHRASE).close()
        if promised.creating:
            path = self.place / promised.creating
            try:
                Register.open(path, work.LOGIN, work.PASSPHRASE).close()
            except errors.NoRegisterError:
                Register.create(path, county=work.COUNTY, name="示例县公安局", keeper=work.KEEPER).close()
                self.figures["made again"] += 1
        for name in promised.empties:
            connection = door.connect(self.place / name, self.keys.register_key)
            try:
                door.migrate(connection, self.place / name)
                declared = {sql for sql in schema.declared_sql() if sql.startswith("CREATE TABLE")}
                there = {row[0] for row in connection.execute("SELECT sql FROM sqlite_schema")}
                if missing := declared - there:
                    self.miss(number, "migration", f"{name} lacks {sorted(missing)[0][:60]}")
            finally:
                connection.close()
        promised.created, promised.empties, promised.creating = [], [], ""
        for leftover in self.place.glob(f"r{number}-*"):
            leftover.unlink()

    def look_at_hub(self, register: Register, number: int) -> None:
        """Hub and desk come to agree, and the hub has whatever it receipted."""
        Desk(register).set_setting("practice.round", number)  # something new, so that both sides compare
        port, stick = RegisterPort(register), FolderCarrier(self.place / "stick")
        with Hub.open(self.place / "hub") as hub:
            have = hub.position(work.COUNTY, register.device).have
            if have < self.promised.receipted:
                self.miss(number, "sync", f"receipted up to {self.promised.receipted}, the hub has {have}")
            for _ in range(3):
                run_once(port, stick)
                sticks.read_folder(hub, self.place / "stick")
                report = run_once(port, stick)
                if report.quiet:
                    break
            if not report.quiet or report.agreement is None or not report.agreement.whole:
                self.miss(number, "sync", f"not quiet: {report}")
            if self.figures["sync"] % FULL_EVERY == 0 and (faults := checks.verify(hub).faults):
                self.miss(number, "sync", f"hub: {faults[0]}")
        self.figures["hub agreed"] += 1


def main(rounds: int, seed: int) -> int:
    """Run the campaign; returns the exit code."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kill-test-") as folder:
        campaign = Campaign(Path(folder), seed)
        for number in range(rounds):
            campaign.round(number)
    figures = campaign.figures
    kinds = ", ".join(f"{name} {figures.pop(name, 0)}" for name in work.WORK)
    rest = ", ".join(f"{name} {count}" for name, count in sorted(figures.items()) if name != "kills")
    print(
        f"kill-test seed {seed}: {figures['kills']} kills ({kinds}); {rest};"
        f" {len(campaign.lost)} lost; {time.monotonic() - begun:.0f} s"
    )
    return 1 if campaign.lost or figures["kills"] != rounds else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
