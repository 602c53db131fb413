"""A register that has heard from the city and from a second workstation, for tests and pictures of the window."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from models import arrivals, replay, stations
from models.register import Register
from tests.models.city_voice import CityVoice
from tests.models.test_shifts import notice
from tests.ui import staging


def papers(register: Register, today: date) -> None:
    """Let papers of several kinds arrive."""
    now = datetime.now(UTC)
    city = CityVoice(register)
    day = (now - timedelta(days=10)).astimezone().date()
    body = "请依法办理，并在规定期限内报送办结报告。"
    facts = {"received_on": day.isoformat()}
    city.assign(limit_on=today + timedelta(days=20), at=now, body=body, facts=facts)
    earlier = {
        "received_on": day.isoformat(),
        "people": [{"name": "沈玉兰", "main": True, "phone": "13900010001"}],
        "statement": "在城东路口临时停车，收费员收钱不给票据，多次索要未果，请求核查并规范收费。",
        "channel": "letter",
        "claims": ["规范开具票据"],
    }
    city.send("transfer", now, earlier, number="市公信转〔2026〕3号")
    city.send("notice", now, title="关于报送月度数据的通知", body="请各县局于每月五日前报送上月数据。")
    city.send("calendar", now, notice(2027), title="2027 年节假日安排")


def apart(path: Path) -> int:
    """Let a second workstation and this one fill in the same fields without knowing of each other.

    Returns:
        The matter in which a title, and a day that the law counts from, were entered twice.
    """
    now = datetime.now(UTC)
    with Register.open(path, staging.LOGIN, staging.PASSPHRASE) as register:
        stations.invite(register, 2, "接访笔记本", by=register.person, at=now)
    with tempfile.TemporaryDirectory() as folder:
        beside = staging.copy(path, Path(folder))
        with Register.open(beside, staging.LOGIN, staging.PASSPHRASE) as first:
            first.connection.execute("UPDATE meta SET value=2 WHERE name='device'")
        with (
            Register.open(path, staging.LOGIN, staging.PASSPHRASE) as here,
            Register.open(beside, staging.LOGIN, staging.PASSPHRASE) as there,
        ):
            matter: int = here.rows("SELECT id FROM matter ORDER BY id LIMIT 1")[0][0]
            other: int = here.rows("SELECT id FROM matter ORDER BY id LIMIT 2")[1][0]
            for register, minutes, title, day in (
                (here, 1, "反映城东路口停车收费不给票据", "2026-03-02"),
                (there, 3, "反映城东路口临时停车乱收费", "2026-03-05"),
            ):
                at = now + timedelta(minutes=minutes)
                by = register.person
                if register is there:
                    by = next(one for one in register.staff().values() if one.id != by.id)
                with register.act("amend", by=by, at=at, matter=matter) as act:
                    act.set("matter", matter, title=title)
                with register.act("amend", by=by, at=at, matter=other) as act:
                    act.set("matter", other, accepted_on=day)
            came = list(replay.entries_of(there.connection, device=2))
            done = arrivals.take(here, came, at=now, way="stick")
            assert done.conflicts == 2
    return matter


def furnish(path: Path, today: date) -> None:
    """Put all of it into a closed register."""
    with Register.open(path, staging.LOGIN, staging.PASSPHRASE) as register:
        papers(register, today)
    apart(path)
