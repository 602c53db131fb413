"""One act on many matters: each by itself with all checks; refusals and what is left are told; nothing else changes."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models import bulk, errors, handling
from models.desk import Desk
from models.register import Register
from tests.models.conftest import NOW, accused, draft, unit

TITLES = {
    "请为我的损失说句话": "accept",
    "报案后不予立案": "direct",
    "罚款不合理，请求撤销": "direct",
    "关于夜间巡逻的建议": "reply",
    "咨询派出所的上班时间": "reply",
    "城关派出所收受商户好处": "pass_on",
    "小区物业收费": "direct",
}
ENDS = {"accept": "S4", "direct": "S3a", "reply": "S3e", "pass_on": "S3f"}


@pytest.fixture
def pu(desk_of: Callable[..., Desk]) -> Desk:
    return desk_of("pu")


def enter(desk: Desk, title: str, **changed: Any) -> int:
    values = {"title": title, "statement": "", "claims": (), "purpose": "", **changed}
    return desk.register_item(draft(**values)).matter


@pytest.fixture
def matters(pu: Desk) -> dict[int, str]:
    """Return matters of all classes, each with the act that the rules suggest."""
    return {enter(pu, title): act for title, act in TITLES.items()}


def state(register: Register, matter: int) -> str:
    row = register.record("matter", matter)
    assert row
    return str(row["state"])


def test_all_are_screened_and_taken_to_the_exit_that_the_rules_suggest(
    register: Register, pu: Desk, matters: dict[int, str]
) -> None:
    """Each ends its first notice with a dated record: exactly one of S3a, S3e, S3f, S4 (domain reference, 5)."""
    screened = pu.bulk(list(matters), "screen", suggested=True)
    assert (screened.count("done"), len(screened.lines)) == (len(matters), len(matters))
    assert all(line.reason.zh and line.seq for line in screened.lines)
    assert {state(register, matter) for matter in matters} == {"S2"}
    for act in ENDS:
        given = {"answer": "已收到您的来信，现答复如下。"} if act == "reply" else {}
        rest = [matter for matter in matters if state(register, matter) == "S2"]
        report = pu.bulk(rest, act, given, suggested=True)
        assert report.count("refused") == 0, [line.reason for line in report.of("refused")]
        assert {line.matter for line in report.of("done")} == {m for m, which in matters.items() if which == act}
        assert all("Suggested is" in line.reason.en for line in report.of("left"))
    assert {matter: state(register, matter) for matter in matters} == {m: ENDS[act] for m, act in matters.items()}
    for matter, act in matters.items():
        told = register.rows("SELECT on_date FROM event WHERE matter=? AND kind='noticed'", (matter,))
        assert told == [(NOW.astimezone().date().isoformat(),)]
        letters = register.rows("SELECT kind FROM document WHERE matter=? AND state='issued'", (matter,))
        assert bool(letters) == (act != "reply")
    assert register.row("SELECT count(*) FROM matter WHERE unit IS NULL") == (0,)


def test_every_matter_is_an_act_of_its_own_and_a_refusal_changes_nothing(register: Register, pu: Desk) -> None:
    good, bad = enter(pu, "请为我的损失说句话"), enter(pu, "报案后不予立案")
    pu.bulk([good, bad], "screen", suggested=True)
    seq, row = register.seq, register.record("matter", bad)
    report = pu.bulk([bad, good], "accept")
    assert [(line.matter, line.outcome) for line in report.lines] == [(bad, "refused"), (good, "done")]
    assert register.seq == seq + 1
    assert register.record("matter", bad) == row
    assert "REG-2022 Art. 31" in report.lines[0].reason.en
    assert report.message().en == "Accept: 1 done, 1 refused, 0 left to a person."


def test_what_is_typed_goes_before_what_is_suggested(register: Register, pu: Desk) -> None:
    matter = enter(pu, "请为我的损失说句话")
    pu.bulk([matter], "screen", {"police": "drugs"}, suggested=True)
    row = register.record("matter", matter)
    assert row
    assert (row["category"], row["exit"], row["police"], row["purpose"]) == ("claim", 6, "drugs", "solution")
    pu.bulk([matter], "accept", {"unit": unit(register, "刑侦"), "on": date(2026, 3, 2)}, suggested=True)
    row = register.record("matter", matter)
    assert row
    assert row["unit"] == unit(register, "刑侦")


def test_no_exit_is_recorded_under_the_2005_regulation(register: Register, pu: Desk) -> None:
    matter = enter(pu, "请为我的损失说句话", received_on=date(2016, 3, 1))
    pu.bulk([matter], "screen", suggested=True)
    row = register.record("matter", matter)
    assert row
    assert (row["category"], row["exit"]) == ("claim", None)


def test_a_dry_run_writes_nothing(register: Register, pu: Desk, matters: dict[int, str]) -> None:
    seq = register.seq
    report = pu.bulk(list(matters), "screen", suggested=True, dry_run=True)
    assert report.count("possible") == len(matters)
    refused = pu.bulk(list(matters), "accept", dry_run=True)
    assert refused.count("refused") == len(matters)
    assert register.seq == seq
    assert report.lines[0].inputs["category"] == "claim"
    assert "possible" in report.message().en


def test_it_stops_between_two_matters_and_says_how_many_are_left(
    register: Register, pu: Desk, matters: dict[int, str]
) -> None:
    seen: list[tuple[int, int]] = []
    report = pu.bulk(
        list(matters),
        "screen",
        suggested=True,
        on_progress=lambda done, total: seen.append((done, total)),
        cancelled=lambda: len(seen) == 3,
    )
    assert (report.stopped, len(report.lines), report.total) == (True, 3, len(matters))
    assert seen == [(1, 7), (2, 7), (3, 7)]
    assert "4 not touched" in report.message().en
    assert "还有 4 件" in report.message().zh
    assert [state(register, matter) for matter in matters] == ["S2"] * 3 + ["S1"] * 4


def test_what_a_person_may_not_see_is_not_counted(register: Register, pu: Desk, desk_of: Callable[..., Desk]) -> None:
    barred = enter(pu, "请查一查", purpose="accusation", accused=(accused("一中队二组", kind="unit"),))
    sealed = enter(pu, "请保密", confidential=True)
    open_ = enter(pu, "请为我的损失说句话")
    zu = desk_of("zu")
    assert "PU" in zu.person.roles
    report = zu.bulk([barred, sealed, open_, open_, 999], "screen", suggested=True)
    assert report.total == 2
    assert [line.matter for line in report.lines] == [sealed, open_]
    registrar = desk_of("reg").bulk([barred, sealed, open_], "screen", suggested=True)
    assert (registrar.total, registrar.count("refused")) == (1, 1)
    assert state(register, barred) == "S1"
    ho = desk_of("ho").bulk([barred, sealed], "note", {"text": "已看"})
    assert (ho.total, ho.lines) == (0, ())


def test_an_act_or_an_input_that_does_not_exist_is_refused_once(pu: Desk, matters: dict[int, str]) -> None:
    with pytest.raises(errors.InputError):
        pu.bulk(list(matters), "teleport")
    with pytest.raises(errors.InputError) as wrong:
        pu.bulk(list(matters), "screen", {"colour": "red"})
    assert wrong.value.field == "colour"


def test_a_disk_that_fails_ends_it_and_what_was_done_stays(
    register: Register, pu: Desk, matters: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    perform = handling.perform

    def failing(register: Register, matter: int, *arguments: Any, **more: Any) -> Any:
        if len(done) == 2:
            raise errors.DiskFullError("磁盘已满。", "The disk is full.")
        done.append(matter)
        return perform(register, matter, *arguments, **more)

    monkeypatch.setattr(handling, "perform", failing)
    with pytest.raises(errors.DiskFullError):
        pu.bulk(list(matters), "screen", suggested=True)
    assert [state(register, matter) for matter in matters] == ["S2"] * 2 + ["S1"] * 5


@pytest.mark.parametrize(("language", "head", "outcome"), [("zh", "事项编号", "已办"), ("en", "matter", "done")])
def test_the_report_is_a_table_of_each_matter(
    register: Register, pu: Desk, matters: dict[int, str], tmp_path: Path, language: errors.Language, head: str,
    outcome: str,
) -> None:  # fmt: skip
    report = pu.bulk(list(matters), "screen", suggested=True)
    errors.speak(language)
    bulk.write_report(report, tmp_path / "report.csv", register.units())
    text = (tmp_path / "report.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert rows[0][0] == head
    assert len(rows) == 1 + len(matters)
    assert [row[1] for row in rows[1:]] == [outcome] * len(matters)
    assert all(row[2] for row in rows[1:])
    with pytest.raises(errors.StorageError):
        bulk.write_report(report, tmp_path / "nowhere" / "report.csv", {})
