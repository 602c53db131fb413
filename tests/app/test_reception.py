"""The verb `reception`: a whole going-out day on the command line, the plan by rules, and one-line refusals."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest

from app.verbs import reception
from models import errors
from tests.app.conftest import Run, told

TODAY = date.today().isoformat()  # noqa: DTZ011  the command line asks the workstation's clock too
CHIEF, DEPUTY = "keeper", "fen"
ANNOUNCED = ("--leader", DEPUTY, "--time", "09:00-11:30", "--place", "信访接待大厅", "--phone", "0000-0000110")


@pytest.fixture
def run(run: Run, tmp_path: Path) -> Run:
    secret = tmp_path / "passphrase"
    secret.write_text("eight-quiet-herons", "utf-8")
    given = ("--name", "冯管安", "--roles", "DL", "--post", "副局长", "--new-passphrase-file", str(secret))
    added = run("person", "add", DEPUTY, *given)
    assert added.exit_code == 0, added.output + added.stderr
    return run


def day(run: Run, *more: str, on: str = TODAY) -> dict[str, Any]:
    given = ("--form", "going_out", "--leader", DEPUTY, "--time", "00:00-23:59", "--place", "东村")
    found: dict[str, Any] = told(run("reception", "add", on, *given, *more, "--json"))
    return found


def test_a_day_of_going_out_from_plan_to_seal(run: Run, tmp_path: Path) -> None:
    day(run)
    for name in ("王小明", "李小红"):
        added = run("add", "--text", f"{name}反映的事", "--claim", "书面答复", "--name", name, "--received-on", TODAY)
        assert added.exit_code == 0, added.stderr
    first, second = (f"S{TODAY[:4]}-00000{place}" for place in (1, 2))
    asked = run("act", first, "invite_reception", f"reception_on={TODAY}", "agreed=yes")
    assert asked.exit_code == 0, asked.stderr
    assert told(run("reception", "begin", TODAY, "--json"))["state"] == "open"
    for matter in (first, second):
        assert run("act", matter, "arrive").exit_code == 0
    board = told(run("reception", "board", "--json"))
    assert (board["now"], board["waiting"], board["count"]) == (None, [1, 2], 2)
    assert set(board) == {"reception", "on", "state", "now", "now_since", "waiting", "count", "counters"}
    assert told(run("reception", "call", "--json"))["turn"] == 1
    assert told(run("reception", "putback", "--turn", "1", "--json"))["turn"] == 1
    assert told(run("reception", "call", "--turn", "2", "--json"))["turn"] == 2

    out = tmp_path / "参阅.pdf"
    brief = told(run("reception", "brief", "--turn", "2", "--out", str(out), "--json"))["briefs"][0]
    assert (brief["people"], brief["visit"]["number"]) == (["李小红"], second)
    assert brief["clocks"][0]["clock"] == "C1"
    assert out.read_bytes().startswith(b"%PDF")
    both = told(run("reception", "brief", "--json"))
    assert len(both["briefs"]) == 2
    assert "王小明" in run("reception", "brief", language="zh").stdout

    refused = run("reception", "close")
    assert refused.exit_code == 1
    assert "is waiting" in refused.stderr
    assert refused.stderr.count("\n") == 1
    heard = {"statement": "原话", "answer_given": "已答复", "decision": "交信访科核查", "present": "村干部",
             "read_back": "yes", "signed": "yes", "outcome": "assigned", "unit": "信访科", "what": "核查并书面答复",
             "due_on": "2099-01-01"}  # fmt: skip
    received = run("act", second, "receive", *[f"{name}={value}" for name, value in heard.items()])
    assert received.exit_code == 0, received.stderr
    assert run("act", first, "leave_reception", "reason=改日再来").exit_code == 0

    out = tmp_path / "日志.pdf"
    assert told(run("reception", "docket", "--out", str(out), "--json"))["sealed"] == ""
    assert out.read_bytes().startswith(b"%PDF")
    closed = told(run("reception", "close", "--out", str(out), "--json"))
    assert [line["state"] for line in closed["lines"]] == ["left", "received"]
    assert len(closed["sealed"]) == 64
    frozen = out.read_bytes()
    said = run("reception", "docket", TODAY, "--out", str(out), language="zh").stdout
    assert f"封存校验值 {closed['sealed']}" in said
    assert "改日再来" in said
    assert out.read_bytes() == frozen

    waiting = told(run("reception", "promises", "--json"))
    assert [(one["number"], one["what"], one["due_on"]) for one in waiting["promises"]] == [
        (second, "核查并书面答复", "2099-01-01")
    ]
    assert run("act", second, "prove_instruction", "proof=已书面答复").exit_code == 0
    assert told(run("reception", "promises", "--json"))["total"] == 0
    assert told(run("reception", "promises", second, "--json"))["promises"][0]["proof"] == "已书面答复"
    assert "已落实" in run("reception", "promises", second, language="zh").stdout
    assert run("verify").exit_code == 0


def test_an_absent_leader_has_a_substitute_before_it_begins(run: Run) -> None:
    made = day(run)
    refused = run("reception", "begin", "--absent")
    assert refused.exit_code == 1
    assert "is absent" in refused.stderr
    reason = ("--reason", "赴市局开会")
    assert run("reception", "substitute", str(made["id"]), "--leader", DEPUTY, *reason).exit_code == 1
    moved = told(run("reception", "change", TODAY, "--leader", CHIEF, "--place", "西村", "--json"))
    assert (moved["leader"], moved["place"]) == ("系统管理员", "西村")
    named = told(run("reception", "substitute", TODAY, "--leader", DEPUTY, *reason, "--json"))
    assert (named["host"], named["substitute_reason"]) == ("冯管安", "赴市局开会")
    assert told(run("reception", "begin", "--absent", "--json"))["state"] == "open"
    assert "系统管理员→冯管安" in run("reception", "list", "--from", TODAY, language="zh").stdout


def test_a_quarter_is_planned_by_the_rules_and_announced(run: Run, tmp_path: Path) -> None:
    """2026-04-01 is the first working day of April, 05-06 that of May (Labour Day to 05-05); 06-01 is a Monday."""
    assert "no rule" in run("reception", "rules").stdout
    leader = told(run("reception", "charge", "--leader", DEPUTY, "--reason", "分管信访", "--json"))["leaders"][-1]
    assert (leader["name"], leader["portfolio"]) == ("冯管安", "分管信访")
    path = tmp_path / "rules.json"
    rule = {"leader": leader["id"], "every": "month", "working": 1, "from": "09:00", "to": "11:30", "place": "大厅"}
    path.write_bytes(orjson.dumps([rule]))
    assert "每月第 1 个工作日" in run("reception", "rules", "--file", str(path), language="zh").stdout
    quarter = ("--from", "2026-04-01", "--to", "2026-06-30")
    shown = told(run("reception", "plan", *quarter, "--preview", "--json"))
    assert shown["planned"] == []
    planned = told(run("reception", "plan", *quarter, "--json"))
    assert [one["on"] for one in planned["days"]] == ["2026-04-01", "2026-05-06", "2026-06-01"]
    assert len(planned["planned"]) == 3
    assert "no new day" in run("reception", "plan", *quarter).stdout
    listed = told(run("reception", "list", "--month", "2026-05", "--json"))
    assert [one["on"] for one in listed["days"]] == ["2026-05-06"]
    cancelled = told(run("reception", "cancel", "2026-05-06", "--reason", "全局训练", "--json"))
    assert cancelled["state"] == "cancelled"


def test_a_public_notice_is_shown_and_then_issued(run: Run, tmp_path: Path) -> None:
    on = date.fromisoformat(TODAY) + timedelta(days=40)
    told(run("reception", "add", on.isoformat(), "--form", "video", *ANNOUNCED, "--json"))
    out = tmp_path / "公示.pdf"
    period = ("--from", on.isoformat(), "--to", on.isoformat(), "--out", str(out))
    shown = told(run("reception", "notice", *period, "--preview", "--json"))
    assert (shown["document"], shown["days"]) == (None, [on.isoformat()])
    draft = out.read_bytes()
    issued = told(run("reception", "notice", *period, "--json"))
    assert issued["document"]
    assert out.read_bytes() != draft
    assert told(run("reception", "list", "--from", on.isoformat(), "--json"))["days"][0]["notice"] == issued["document"]


def test_refusals_are_one_line(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "rules.json"
    broken.write_text("[", "utf-8")
    day(run)
    day(run, "--leader", CHIEF)
    for arguments, words in (
        (("plan",), "no rule of reception"),
        (("rules", "--file", str(broken)), "not JSON"),
        (("begin", "2099-01-01"), "No reception is planned"),
        (("begin",), "several receptions"),
        (("board", "--leader", "nobody"), "Nobody is"),
        (("putback", "--leader", DEPUTY, "--turn", "7"), "no number 7"),
        (("close", "--leader", DEPUTY), "is “Planned”"),
    ):
        refused = run("reception", *arguments)
        assert refused.exit_code == 1, (arguments, refused.output)
        assert words in refused.stderr, refused.stderr
        assert refused.stderr.count("\n") == 1
    assert run("reception", "add").exit_code == 2
    assert run("reception", "list", "--month", "2031-01").stdout.strip() == "no reception is planned"


def test_a_number_that_two_workstations_gave_is_not_guessed_at() -> None:
    lines = [SimpleNamespace(turn=turn, number=f"S2026-00000{place}") for place, turn in enumerate((1, 2, 2), 1)]
    receptions = SimpleNamespace(docket=lambda _day: SimpleNamespace(lines=lines))
    asked = SimpleNamespace(given={"turn": 2}, receptions=receptions)
    with pytest.raises(errors.InputError) as found:
        reception._visit(cast("Any", asked), cast("Any", SimpleNamespace(id=1)))
    assert "S2026-000002、S2026-000003" in found.value.message.zh
    assert "given 2 times" in found.value.message.en
