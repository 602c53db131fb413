"""The verbs of the city's papers at both ends, as scripts use them: petition-hub there, petition-desk here."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.commands import main
from sync.hub.cli import group
from tests.models.test_shifts import notice

PASSPHRASE = "practice-1234"
COUNTY = "430181"


class City:
    """A hub and a county's register in a folder, the stick between them, and the commands."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.hub, self.stick = folder, folder / "hub", folder / "stick"
        self.register = folder / "a.register"
        self.stick.mkdir()
        self.to_hub("init", self.hub, "--city", "测试市公安局")
        self.desk("init", "--county", COUNTY, "--name", "测试县公安局", "--login", "guan")
        self.to_hub("enrol", self.hub, "--county", COUNTY, "--out", folder / "offer.json")
        self.desk("enrol", folder / "offer.json", "--out", folder / "answer.json")
        self.to_hub("enrol", self.hub, folder / "answer.json")

    def run(self, command: Any, *arguments: object) -> Result:
        return CliRunner().invoke(
            command, [str(one) for one in arguments], env={"PETITION_DESK_PASSPHRASE": PASSPHRASE}
        )

    def to_hub(self, *arguments: object) -> Any:
        result = self.run(group, *arguments, "--json")
        assert result.exit_code == 0, result.output + result.stderr
        return json.loads(result.stdout)

    def desk(self, *arguments: object) -> Any:
        result = self.run(main, *arguments, "--register", self.register, "--json")
        assert result.exit_code == 0, result.output + result.stderr
        return json.loads(result.stdout) if result.stdout.strip() else None

    def says(self, *arguments: object, code: int = 1) -> str:
        """Return the one line with which the desk refuses."""
        result = self.run(main, *arguments, "--register", self.register)
        assert result.exit_code == code, result.output + result.stderr
        return str(result.stderr).strip()

    def exchange(self) -> None:
        for _ in range(2):
            self.desk("batch", "write", self.stick)
            self.to_hub("batch", "read", self.stick, "--hub", self.hub)
            self.to_hub("batch", "write", self.stick, "--hub", self.hub)
            self.desk("batch", "read", self.stick)


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


def test_an_assignment_by_command_and_stick_and_back(city: City, tmp_path: Path) -> None:
    today = datetime.now(UTC).astimezone().date()
    limit = (today + timedelta(days=30)).isoformat()
    city.exchange()
    sent = city.to_hub(
        "assign", COUNTY, "--hub", city.hub, "--channel", "来信", "--text", "反映夜间施工噪音", "--claim", "要求处理",
        "--name", "赵某某", "--phone", "13800000000", "--limit", limit, "--number", "市公信交〔2026〕7号",
        "--body", "请依法办理。",
    )["sent"]  # fmt: skip
    assert [(one["county"], one["paper"], one["again"]) for one in sent] == [(COUNTY, 1, False)]
    city.to_hub("send", "all", "notice", "--text", "请参加会议。", "--hub", city.hub)
    city.exchange()
    inbox = city.desk("inbox")
    assert (inbox["total"], inbox["late"]) == (2, 0)
    assert {(one["paper"], one["kind"]) for one in inbox["papers"]} == {(1, "assignment"), (2, "notice")}
    shown = city.desk("inbox", "show", 1)
    assert shown["form"]["people"][0]["name"] == "赵某某"
    assert shown["body"] == "请依法办理。"
    form = tmp_path / "form.json"
    form.write_text(json.dumps({**shown["form"], "title": "关于夜间施工的反映", "purpose": "solution"}), "utf-8")
    done = city.desk("inbox", "take", 1, "--form", form)
    found = city.desk("show", done["registered"]["matter_number"])
    assert (found["matter"]["title"], found["matter"]["limit_on"]) == ("关于夜间施工的反映", limit)
    assert "C8" in {clock["clock"] for clock in found["clocks"]}
    assert city.desk("inbox", "take", 2)["kind"] == "notice"
    assert city.desk("inbox", "report", 2, "--answer", "已参加。")["state"] == "answered"
    assert "已接收" in city.says("inbox", "take", 1)
    assert "没有这份市局来文" in city.says("inbox", "show", 99)
    assert "数字" in city.says("inbox", "show", "abc")
    city.says("inbox", "show", code=2)
    city.exchange()
    told = {one["paper"]: one for one in city.to_hub("papers", COUNTY, "--hub", city.hub)["papers"]}
    assert (told[1]["state"], told[2]["state"], told[2]["answer"]) == ("taken", "answered", "已参加。")
    assert told[1]["matter_number"] == done["registered"]["matter_number"]
    text = city.run(group, "papers", COUNTY, "--hub", city.hub, "--state", "answered").stdout
    assert "通知" in text
    assert "已反馈" in text
    assert city.to_hub("papers", "--closings", "--hub", city.hub) == {"closings": []}


def test_what_goes_back_and_what_is_taken_back(city: City) -> None:
    today = datetime.now(UTC).astimezone().date()
    options = ("--hub", city.hub, "--channel", "letter", "--limit", today + timedelta(days=30))
    for number in (1, 2):
        city.to_hub("assign", COUNTY, *options, "--text", f"反映第{number}件")
    city.exchange()
    assert "理由" in city.says("inbox", "refuse", 1)
    assert city.desk("inbox", "refuse", 1, "--reason", "属邻县管辖")["state"] == "refused"
    city.exchange()
    city.to_hub("insist", COUNTY, 1, "--reason", "发生地在你县", "--hub", city.hub)
    city.to_hub("withdraw", COUNTY, 2, "--reason", "重复交办", "--hub", city.hub)
    result = city.run(group, "withdraw", COUNTY, 9, "--reason", "没有", "--hub", city.hub)
    assert (result.exit_code, "没有这份来文" in result.stderr) == (1, True)
    city.exchange()
    assert "不同意退回" in city.says("inbox", "refuse", 1, "--reason", "再退")
    [line] = city.desk("inbox")["papers"]
    assert (line["paper"], line["insisted"]) == (1, "发生地在你县")
    [line] = city.desk("inbox", "--state", "withdrawn")["papers"]
    assert (line["paper"], line["withdrawn"]) == (2, "重复交办")
    assert city.desk("inbox", "note", 1, "--reason", "已按纸质登记")["state"] == "answered"


def test_calendars_and_units_are_checked_before_they_count(city: City, tmp_path: Path) -> None:
    year = notice()
    (tmp_path / "2027.json").write_text(json.dumps(year, ensure_ascii=False), "utf-8")
    (tmp_path / "units.toml").write_text('[[units]]\nname = "高新派出所"\nkind = "station"\n', "utf-8")
    city.to_hub("send", "all", "calendar", tmp_path / "2027.json", "--hub", city.hub)
    city.to_hub("send", COUNTY, "units", tmp_path / "units.toml", "--hub", city.hub)
    bad = city.run(group, "send", "all", "calendar", tmp_path / "units.toml", "--hub", city.hub)
    assert bad.exit_code == 1
    city.exchange()
    assert "核对" in city.says("inbox", "take", 1)
    found = city.desk("inbox", "check", 1)
    assert found["name"] == "2027"
    assert city.desk("inbox", "take", 1, "--digest", found["digest"])["moved"] == found["moved"]
    assert 2027 in {one["year"] for one in city.desk("calendar", "show")["years"]}
    changes = city.desk("inbox", "check", 2)["changes"]
    assert [(one["what"], one["name"]) for one in changes] == [("add", "高新派出所")]
    text = city.run(main, "inbox", "check", 2, "--register", city.register, "--lang", "en").stdout
    assert text.startswith("add  高新派出所")
    assert city.desk("inbox", "take", 2)["moved"] == 1
    assert city.run(main, "inbox", "check", 2, "--register", city.register).stdout.strip() == "没有变化。"
    assert date.fromisoformat(city.desk("inbox", "--state", "taken")["papers"][0]["taken_on"])
