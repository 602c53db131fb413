"""The window: its register, its preferences and its services. Imported only when no verb was asked for.

Nothing heavy is imported here before the unlock screen is painted; see `ui.start`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import paths, services

if TYPE_CHECKING:
    from models.letters.fields import LetterField
    from sync.filestate import OnTheWay
    from sync.round import SyncReport
    from sync.waiting import Waiting
    from ui.services import Aside, Outcome, Services, Stations


def show(register: Path | None, *, practice: bool = False) -> int:
    """Open the window on a register; returns the process's exit code.

    Args:
        register: The register; the user's own by default.
        practice: Make a practice register there when there is none, and state its passphrase on the unlock screen.
    """
    path = register or (paths.data_folder() / "practice.register" if practice else paths.default_register())
    passphrase = _practice(path) if practice else ""
    from ui import prefs
    from ui.start import run_window

    preferences = prefs.load(paths.config_folder() / "window.json")
    if practice and not preferences.login:
        preferences.login = "xinfang"
    return run_window(_services(), preferences, path, practice_passphrase=passphrase)


def _practice(path: Path) -> str:
    from models.practice import PRACTICE_PASSPHRASE, build_practice

    if not path.exists():
        print("正在生成练习登记库（虚构数据）…… / Making a practice register (invented data) ...", file=sys.stderr)
        path.parent.mkdir(parents=True, exist_ok=True)
        build_practice(path, 400, seed=1)
    return PRACTICE_PASSPHRASE


def _services() -> Services:
    from ui.services import Services

    return Services(
        open_register=services.open_desk,
        send_now=_send_now,
        enrol=_enrol,
        write_folder=_folder,
        read_folder=_receipts,
        waiting=_waiting,
        files=_files,
        retry=_retry,
        agreement=_agreement,
        stations=_stations,
        invite=_invite,
        retire=_retire,
        lead=_lead,
        alone=_alone,
        letter_fields=_letter_fields,
        preload=services.PRELOAD,
    )


def _letter_fields(kind: str, rules: str) -> Sequence[LetterField]:
    from models.letters import fields_for

    return fields_for(kind, rules=rules)


def _told(report: SyncReport) -> Outcome:
    from ui.services import Outcome

    return Outcome(services.told(report), report.trouble is None and not report.refused)


def _send_now(desk: Any, aside: Aside) -> Outcome:
    report = services.sync_by_network(desk.register, cancelled=aside.stop, runner=aside.step, progress=aside.report)
    return _told(report)._replace(
        again_s=services.next_try_s(desk.register, runner=aside.step), arrived=report.fetched > 0
    )


def _enrol(desk: Any, offer: Path, answer: Path, aside: Aside) -> Outcome:
    from ui.services import Outcome

    services.enrol(desk.register, offer, answer, runner=aside.step)
    return Outcome(services.answered(answer))


def _waiting(desk: Any) -> tuple[Waiting, ...]:
    return services.waiting(desk.register)


def _files(desk: Any) -> OnTheWay:
    from sync.filestate import on_the_way
    from sync.port import RegisterPort

    return RegisterPort(desk.register).run(on_the_way)


def _retry(desk: Any) -> Outcome:
    from models.errors import spoken
    from ui.services import Outcome

    done = services.retry(desk.register)
    taken, left = done.taken, len(done.quarantined)
    if spoken() == "en":
        return Outcome(f"{taken} taken over, {left} still wait.", not left)
    return Outcome(f"已采用 {taken} 条，仍有 {left} 条待处理。", not left)


def _agreement(desk: Any, aside: Aside) -> bytes | None:
    found = services.agreement(desk.register, runner=aside.step)
    if found is None:
        return None
    organ = aside.step(lambda: str(desk.register.setting("organ.name", "")))
    return services.agreement_paper(found, organ)


def _stations(desk: Any) -> Stations:
    from models import gaps, stations
    from ui.services import Stations

    register, person = desk.register, desk.person
    accounts = gaps.account(register, person) if person.roles & gaps.READERS else ()
    return Stations(stations.workstations(register), accounts)


def _invite(desk: Any, number: int, name: str, path: Path) -> Outcome:
    services.invite(desk.register, number, name, path)
    return _outcome(
        f"邀请文件已写到 {path}。请当面带到新机，用 petition-desk station join 加入，用后删除。",
        f"The invitation is in {path}. Take it there by hand, join with petition-desk station join, then delete it.",
    )


def _retire(desk: Any, number: int, reason: str) -> Outcome:
    from models import stations

    before = stations.retire(desk.register, number, reason, by=desk.person, at=datetime.now(UTC))
    return _outcome(
        f"已停用 {number} 号工作站“{before.name}”，它的日志到第 {before.entries} 条。",
        f"Workstation {number} “{before.name}” is retired; its entries are held up to {before.entries}.",
    )


def _lead(desk: Any, number: int) -> Outcome:
    from models import leases

    leases.hand_over(desk.register, number, by=desk.person, at=datetime.now(UTC))
    return _outcome(f"编号改由 {number} 号工作站分配。", f"Workstation {number} gives out the numbers now.")


def _alone(desk: Any, reason: str) -> Outcome:
    services.declare_alone(desk.register, reason)
    return _outcome(
        "已记入理由，可以继续办理；备份之后可能用过的编号不再使用。",
        "The reason is on record and work can go on; numbers that may have been given since the backup are not reused.",
    )


def _outcome(zh: str, en: str) -> Outcome:
    from models.errors import spoken
    from ui.services import Outcome

    return Outcome(zh if spoken() == "zh" else en)


def _receipts(desk: Any, folder: Path, aside: Aside) -> Outcome:
    return _told(services.receipts_from(desk.register, folder, runner=aside.step))


def _folder(desk: Any, folder: Path, aside: Aside) -> Outcome:
    return _told(
        services.sync_by_folder(desk.register, folder, cancelled=aside.stop, runner=aside.step, progress=aside.report)
    )
