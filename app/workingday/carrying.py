"""Carrying and keeping: a real hub process by network and by file; verification, backup and trial restore."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from app import services
from app.workingday.day import Day, refused
from models import errors
from models.backup import restore
from models.practice.folk import COUNTY_CODE
from models.register import Register
from sync import outbox
from sync.agreement import Buckets
from sync.hub.hub import Hub
from sync.port import RegisterPort


def by_network_and_file(day: Day) -> None:
    """Send the day to a real hub process on loopback, then more by file, and compare the digests of both sides."""
    hub = day.folder / "hub"
    if hub.exists():
        shutil.rmtree(hub)
    _run_hub("init", str(hub), "--city", "示例市公安局")
    with (day.folder / "hub.log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603  our own program with arguments of ours
            [sys.executable, "-m", "app.hub", "serve", str(hub), "--host", "127.0.0.1", "--port", "0", "--json"],
            stdout=subprocess.PIPE,
            stderr=log,
            env=_hub_env(),
        )
    assert server.stdout is not None  # noqa: S101  asked for above
    try:
        ready = json.loads(server.stdout.readline())
        address = f"https://127.0.0.1:{ready['port']}"
        offer, answer = day.folder / "enrolment.offer", day.folder / "enrolment.answer"
        _run_hub("enrol", str(hub), "--county", COUNTY_CODE, "--out", str(offer), "--address", address)
        with day.at_desk("guanli") as desk:
            services.enrol(desk.register, offer, answer)
            report = services.sync_by_network(desk.register)
            day.check(
                "network_all_receipted", report.unsent == 0 and report.trouble is None and report.sent_entries > 0
            )
            day.check("network_digests_agree", report.agreement is not None and report.agreement.whole)
            day.digests["network"] = _both(day, "network", desk.register, hub)
            again = services.sync_by_network(desk.register)
            day.check("second_round_has_nothing_to_do", again.sent_entries == 0 and again.unsent == 0)
    finally:
        server.terminate()
        server.wait(20)
        server.stdout.close()
    with day.at_desk("guanli") as desk:
        desk.set_setting("demo.note", "写在文件交换之前")
        gone = services.sync_by_network(desk.register)
        day.check("hub_gone_is_told_and_nothing_lost", gone.trouble is not None and gone.unsent > 0)
        stick = day.folder / "stick"
        services.sync_by_folder(desk.register, stick)
    _run_hub("batch", "read", str(hub), str(stick))
    once = _hub_digest(hub)
    _run_hub("batch", "read", str(hub), str(stick))
    day.check("same_batch_twice_changes_nothing", _hub_digest(hub) == once)
    with day.at_desk("guanli") as desk:
        report = services.receipts_from(desk.register, stick)
        light = desk.sync_state()
        day.check("file_all_receipted", report.trouble is None and light.unsent == 0)
        day.check("file_digests_agree", report.agreement is not None and report.agreement.whole)
        day.digests["file"] = _both(day, "file", desk.register, hub)
    verified = json.loads(_run_hub("verify", str(hub), "--json"))
    day.check("hub_verifies", verified["clean"] is True and verified["rows"] > 0)
    day.say(
        "市局汇集中心已确认，网络与文件两种方式摘要一致",
        "The city hub has confirmed; digests agree by network and by file",
    )


def _both(day: Day, way: str, register: Register, hub: Path) -> dict[str, Any]:
    """Return the digests of both sides, each worked out by itself from its own database."""
    here, there = _digest(RegisterPort(register).run(outbox.desk_buckets)), _hub_digest(hub)
    day.check(f"{way}_digests_are_equal", here == there)
    return {"desk": here["sha256"], "hub": there["sha256"], "rows": here["rows"]}


def _hub_digest(folder: Path) -> dict[str, Any]:
    with Hub.open(folder) as hub:
        return _digest(hub.digests(COUNTY_CODE))


def _digest(buckets: Buckets) -> dict[str, Any]:
    """Return one hash over all tables and months, and the number of rows."""
    lines = sorted((table, month, rows, f"{total:064x}") for (table, month), (rows, total) in buckets.items() if rows)
    return {"sha256": hashlib.sha256(json.dumps(lines).encode()).hexdigest(), "rows": sum(line[2] for line in lines)}


def keeping(day: Day) -> None:
    """Verify the register, back it up, and restore the backup elsewhere on trial."""
    with day.at_desk("guanli") as desk:
        checks = services.verify(desk)
        for check in checks:
            day.check(f"verify_{check.name.replace(' ', '_')}", check.holds)
        done = desk.backup(day.folder / "practice.backup")
        rows = done.rows["matter"]
    restored = day.folder / "restored" / "practice.register"
    for old in (day.folder / "restored").glob("*"):
        old.unlink()
    restore(day.folder / "practice.backup", restored, "guanli", day.passphrase)
    desk = services.open_desk(restored, "xinfang", day.passphrase)
    day.check("backup_restores_whole", desk.register.rows("SELECT count(*) FROM matter")[0][0] == rows)
    desk.close()
    for name, file in (
        ("wrong_passphrase_is_told", lambda: services.open_desk(day.register, "xinfang", "not this one")),
    ):
        refused(day, name, file, errors.WrongPassphraseError)
    day.say("检验通过，备份已验证并试恢复", "Verified; the backup was proved and restored")


def _hub_env() -> dict[str, str]:
    path = os.pathsep.join(path for path in sys.path if path)
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}


def _run_hub(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603  our own program with arguments of ours
        [sys.executable, "-m", "app.hub", *arguments],
        capture_output=True,
        encoding="utf-8",
        env=_hub_env(),
        check=False,
    )
    if done.returncode:
        raise errors.SyncError(
            f"petition-hub {arguments[0]}：{done.stderr.strip()}", f"petition-hub {arguments[0]}: {done.stderr.strip()}"
        )
    return done.stdout
