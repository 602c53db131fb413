"""A register that has heard from the city and from a second workstation, for tests and pictures of the window."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

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


def furnish(path: Path, today: date) -> None:
    """Put all of it into a closed register."""
    with Register.open(path, staging.LOGIN, staging.PASSPHRASE) as register:
        papers(register, today)
