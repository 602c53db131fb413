"""What a calendar or rule would move is shown first, moves only what was shown, and both days are kept.

2027 has no calendar in the product; the notice below is invented for the tests. Last days worked out by hand:
received 2026-12-18, C1 of 15 days ends 2027-01-02, a Saturday off by the notice: Monday 2027-01-04.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models import candidates, clocks, errors, intake, lawbook, matters, replay, shifts
from models.clocks import load_calendar
from models.clocks.candidate import read_candidate
from models.desk import Desk
from models.errors import InputError, NotAllowedError, RuleError
from models.records import MovedDay
from models.register import Register
from tests.models.conftest import Template, accused, at, draft, person

OFF = ("2027-01-01", "2027-01-02", "2027-01-03", "2027-05-01", "2027-10-01", "2027-10-02", "2027-10-03")


def notice(year: int = 2027, **changed: Any) -> dict[str, Any]:
    content = {
        "format": "petition-desk/calendar/1",
        "year": year,
        "notices": [f"关于{year}年部分节假日安排的通知（为测试而编）"],
        "source": "test",
        "licence": "-",
        "days": [{"date": day.replace("2027", str(year)), "kind": "off", "name": "假日"} for day in OFF],
    }
    return {**content, **changed}


def data(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


@pytest.fixture
def december(register: Register) -> Desk:
    """Return the founder's desk on 2026-12-21."""
    return Desk(register, now=lambda: at("2026-12-21"))


def received(register: Register, day: str, **changed: Any) -> int:
    founder = person(register, "guan")
    with register.act("register_item", by=founder, at=at("2026-12-21")) as act:
        return intake.register_item(act, draft(received_on=date.fromisoformat(day), **changed)).matter


def event(register: Register, matter: int, kind: str, on: str, **more: Any) -> int:
    with register.act("test", by=person(register, "guan"), at=at("2026-12-21"), matter=matter) as act:
        return act.insert("event", {"matter": matter, "kind": kind, "on_date": on, **more})


def told(found: shifts.Difference) -> list[tuple[int, str, str | None, str | None]]:
    def text(on: date | None) -> str | None:
        return on.isoformat() if on else None

    return [(s.matter, s.clock, text(s.before_on), text(s.after_on)) for s in found.shifts]


def kept(register: Register) -> list[tuple[Any, ...]]:
    return register.rows("SELECT matter, clock, start_on, before_on, after_on, on_date FROM shift ORDER BY id")


def assert_whole(register: Register, target: Path) -> None:
    replay.replay(register, target)
    assert replay.differences(register.connection, target, register.keys.register_key) == {}


# --- a calendar -----------------------------------------------------------------------------------------------


def test_a_new_year_tells_which_waiting_days_it_gives_and_then_gives_them(
    register: Register, december: Desk, tmp_path: Path
) -> None:
    waiting, earlier = received(register, "2026-12-18"), received(register, "2026-12-01")
    found = december.calendar_difference(data(notice()))
    assert told(found) == [(waiting, "C1", None, "2027-01-04")]
    (shift,) = found.shifts
    assert (shift.before, shift.after, shift.whose, shift.sight) == ("no_calendar", "open", "bureau", "full")
    assert shift.title
    assert (found.matters, found.clocks) == (2, 2)
    assert (found.future, found.from_on) == ((), None)
    assert register.row("SELECT last_on FROM duty WHERE matter=?", (waiting,)) == (None,), "nothing moved yet"
    assert december.apply_calendar(found) == 1
    assert register.row("SELECT last_on FROM duty WHERE matter=?", (waiting,)) == ("2027-01-04",)
    assert register.row("SELECT last_on FROM duty WHERE matter=?", (earlier,)) == ("2026-12-16",)
    assert kept(register) == [(waiting, "C1", "2026-12-18", None, "2027-01-04", "2026-12-21")]
    assert register.row("SELECT cause FROM shift") == (notice()["notices"][0],)
    assert register.rows("SELECT act FROM entry ORDER BY arrival DESC LIMIT 1") == [("apply_calendar",)]
    assert_whole(register, tmp_path / "again")


def test_the_card_of_a_clock_shows_both_days(register: Register, december: Desk) -> None:
    waiting = received(register, "2026-12-18")
    december.apply_calendar(december.calendar_difference(data(notice())))
    assert matters.shifts(register, waiting) == (
        MovedDay(
            clock="C1", start_on=date(2026, 12, 18), before_on=None, after_on=date(2027, 1, 4),
            cause=notice()["notices"][0], on=date(2026, 12, 21),
        ),
    )  # fmt: skip


def test_a_corrected_year_moves_days_that_were_known(register: Register, december: Desk) -> None:
    december.apply_calendar(december.calendar_difference(data(notice())))
    matter = received(register, "2026-12-18")
    longer = notice(days=[*notice()["days"], {"date": "2027-01-04", "kind": "off", "name": "假日"}])
    found = december.calendar_difference(data(longer))
    assert told(found) == [(matter, "C1", "2027-01-04", "2027-01-05")]
    december.apply_calendar(found)
    assert kept(register) == [(matter, "C1", "2026-12-18", "2027-01-04", "2027-01-05", "2026-12-21")]


def test_windows_of_the_petitioner_and_clocks_of_the_organ_above_are_shown_too(
    register: Register, december: Desk
) -> None:
    matter = received(register, "2026-10-12")
    event(register, matter, "noticed", "2026-10-20")
    event(register, matter, "served", "2026-12-04")  # 30 days: Sunday 2027-01-03, then Monday 01-04
    event(register, matter, "rereview_requested", "2026-12-03")  # 2027-01-02, then 01-04
    found = december.calendar_difference(data(notice()))
    assert {(s.clock, s.whose, s.after_on) for s in found.shifts} == {
        ("C3", "petitioner", date(2027, 1, 4)), ("C6", "organ_above", date(2027, 1, 4)),
    }  # fmt: skip
    assert december.apply_calendar(found) == 2


def test_a_clock_that_ended_is_shown_when_it_would_turn_out_otherwise(register: Register, december: Desk) -> None:
    matter = received(register, "2026-12-07")  # 15 days: 2026-12-22, a Tuesday
    event(register, matter, "noticed", "2026-12-23")
    later = Desk(register, now=lambda: at("2026-12-28"))
    # A notice for 2027 may name days of December 2026.
    off = notice(days=[*notice()["days"], {"date": "2026-12-22", "kind": "off", "name": "假日"}])
    (shift,) = later.calendar_difference(data(off)).shifts
    assert (shift.before, shift.after) == ("met_late", "met")
    assert (shift.before_on, shift.after_on) == (date(2026, 12, 22), date(2026, 12, 23))


def test_matters_that_are_done_are_not_looked_at(register: Register, december: Desk) -> None:
    matter = received(register, "2026-12-18")
    with register.act("test", by=december.person, at=at("2026-12-21"), matter=matter) as act:
        act.set("matter", matter, state="S13")
    found = december.calendar_difference(data(notice()))
    assert (found.shifts, found.matters) == ((), 0)


# --- what is applied is what was reviewed ---------------------------------------------------------------------


def test_a_register_that_changed_since_the_review_is_shown_anew(register: Register, december: Desk) -> None:
    received(register, "2026-12-18")
    found = december.calendar_difference(data(notice()))
    received(register, "2026-12-19")
    before = kept(register), register.seq
    with pytest.raises(RuleError, match="重新核对"):
        december.apply_calendar(found)
    assert (kept(register), register.seq) == before
    assert december.apply_calendar(december.calendar_difference(data(notice()))) == 2


def test_a_change_that_moves_nothing_does_not_ask_for_a_second_review(register: Register, december: Desk) -> None:
    received(register, "2026-12-18")
    found = december.calendar_difference(data(notice()))
    received(register, "2026-12-01")
    assert december.apply_calendar(found) == 1


def test_what_was_applied_is_not_applied_twice(register: Register, december: Desk) -> None:
    found = december.calendar_difference(data(notice()))
    assert december.apply_calendar(found) == 0
    with pytest.raises(RuleError):
        december.apply_calendar(found)
    with pytest.raises(InputError, match="完全相同"):
        december.calendar_difference(data(notice()))


def test_a_failure_in_the_act_leaves_calendar_and_days(
    register: Register, december: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = received(register, "2026-12-18")
    found = december.calendar_difference(data(notice()))
    with monkeypatch.context() as patched:
        patched.setattr("models.projections.refresh_clocks", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            december.apply_calendar(found)
    assert 2027 not in register.calendar.years
    assert kept(register) == []
    assert register.row("SELECT last_on FROM duty WHERE matter=?", (waiting,)) == (None,)


# --- who ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "looks", "applies"),
    [("pu", True, True), ("keep", True, False), ("reg", False, False), ("ch", False, False), ("di", False, False)],
)
def test_the_petition_unit_head_applies_and_the_keeper_may_hand_in(
    register: Register, desk_of: Callable[..., Desk], december: Desk, login: str, looks: bool, applies: bool
) -> None:
    found = december.calendar_difference(data(notice()))
    one = desk_of(login, at("2026-12-21"))
    for work, may in (
        (lambda: one.calendar_difference(data(notice())), looks),
        (lambda: one.load_calendar(data(notice())), looks),
        (lambda: one.apply_calendar(found), applies),
    ):
        if may:
            work()
        else:
            with pytest.raises(NotAllowedError):
                work()
    assert bool(one.pending_changes()) is (looks and not applies)


def test_a_handed_in_calendar_waits_until_it_is_applied(
    register: Register, desk_of: Callable[..., Desk], december: Desk
) -> None:
    waiting = received(register, "2026-12-18")
    desk_of("keep", at("2026-12-21")).load_calendar(data(notice()))
    assert 2027 not in register.calendar.years
    head = desk_of("pu", at("2026-12-21"))
    (candidate,) = head.pending_changes()
    assert (candidate.kind, candidate.name) == ("calendar", "2027")
    found = head.difference(candidate)
    assert [s.matter for s in found.shifts] == [waiting]
    head.apply_calendar(found)
    assert head.pending_changes() == ()
    assert 2027 in register.calendar.years


def test_everyone_sees_what_sight_allows_and_all_days_are_kept(
    register: Register, desk_of: Callable[..., Desk], december: Desk
) -> None:
    plain = received(register, "2026-12-18")
    sealed = received(register, "2026-12-18", purpose="accusation", accused=(accused("某人"),))
    barred = received(register, "2026-12-18", accused=(accused("信大明"),))
    head = desk_of("pu", at("2026-12-21"))
    found = head.calendar_difference(data(notice()))
    assert {s.matter for s in found.shifts} == {plain, sealed}
    assert (found.matters, found.clocks) == (2, 2), "counts tell nothing of a matter that names its reader"
    keeper = desk_of("keep", at("2026-12-21")).calendar_difference(data(notice()))
    assert {(s.matter, s.sight, s.title) for s in keeper.shifts} == {
        (matter, "outline", "") for matter in (plain, sealed, barred)
    }
    assert head.apply_calendar(found) == 3
    assert {row[0] for row in kept(register)} == {plain, sealed, barred}


def test_settings_that_move_days_are_not_set_by_hand(december: Desk) -> None:
    for name in ("calendar.2027", "candidate.calendar.2027", "rules.overlay", "rules.overlays"):
        with pytest.raises(InputError, match="calendar"):
            december.set_setting(name, notice())


# --- files at fault -------------------------------------------------------------------------------------------


def day(on: str, kind: str = "off") -> dict[str, str]:
    return {"date": on, "kind": kind, "name": "假日"}


@pytest.mark.parametrize(
    ("content", "said_zh", "said_en"),
    [
        (notice(2028), "与已有的 2007—2026 年不相连", "does not join"),
        (notice(days=[*notice()["days"], day("2028-01-01")]), "2028-01-01", "2028-01-01"),
        (notice(notices=["关于2026年部分节假日安排的通知"]), "通知标题却是", "is titled"),
        (notice(notices=["", "关于2027年部分节假日安排的通知"]), "缺少放假通知的标题", "lacks the title"),
        (notice(notices=[]), "通知标题", "title"),
        (notice(days=[*notice()["days"], day("2027-05-01")]), "2027-05-01 出现两次", "twice"),
        (notice(days=[*notice()["days"], day("2027-05-01", "work")]), "既列为放假又列为上班", "both off and worked"),
        (notice(days=[*notice()["days"], day("2027-03-03", "work")]), "本来就是工作日", "worked anyhow"),
        (notice(days=[*notice()["days"], day("2026-10-01", "work")]), "2026-10-01", "2026-10-01"),
        (notice(days=notice()["days"][:-1]), "2027-10-03", "may be incomplete"),
        (notice(days=notice()["days"][1:]), "2027-01-01", "2027-01-01"),
        (notice(days=[*notice()["days"], day("2027-02-30")]), "日期条目不可用", "not a day"),
        (notice(format="x/1"), "格式", "format"),
        (notice(days=[]), "日期", "days"),
    ],
)
def test_a_calendar_at_fault_is_refused_in_one_sentence(
    register: Register, december: Desk, content: dict[str, Any], said_zh: str, said_en: str
) -> None:
    before = register.seq
    with pytest.raises(InputError) as caught:
        december.calendar_difference(data(content), "2027.json")
    assert said_zh in caught.value.message.zh
    assert said_en in caught.value.message.en
    assert "2027.json" in caught.value.message.zh
    assert register.seq == before


@pytest.mark.parametrize("missing", ["2027-01-01", "2027-05-01", "2027-10-01", "2027-10-02", "2027-10-03"])
def test_a_calendar_without_a_day_that_is_always_off_is_refused(december: Desk, missing: str) -> None:
    short = [entry for entry in notice()["days"] if entry["date"] != missing]
    with pytest.raises(InputError, match=f"没有把 {missing} 列为放假"):
        december.calendar_difference(data(notice(days=short)))


def test_the_year_before_the_first_known_one_joins_too(december: Desk) -> None:
    assert december.calendar_difference(data(notice(2006))).candidate.name == "2006"
    with pytest.raises(InputError, match="不相连"):
        december.calendar_difference(data(notice(2005)))


def test_a_weekend_day_may_be_named_worked_and_off(december: Desk) -> None:
    more = [day("2027-01-09", "work"), day("2027-01-10", "work"), day("2027-01-16"), day("2027-01-11")]
    december.apply_calendar(december.calendar_difference(data(notice(days=[*notice()["days"], *more]))))
    known = december.register.calendar
    assert [known.kind(date(2027, 1, number)) for number in (9, 10, 11, 16)] == [
        "make-up", "make-up", "holiday", "holiday",
    ]  # fmt: skip
    with pytest.raises(InputError, match="2027-01-08"):
        december.calendar_difference(data(notice(days=[*notice()["days"], day("2027-01-08", "work")])))


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"{", b"[]", b"{}"])
def test_what_is_no_calendar_is_refused(december: Desk, raw: bytes) -> None:
    with pytest.raises(InputError, match="节假日文件"):
        december.calendar_difference(raw)


def test_two_notices_that_tell_december_differently_are_refused() -> None:
    names_december = notice(2026, days=[*notice(2026)["days"], day("2026-12-26", "work")])
    known = load_calendar().with_notice(clocks.read_notice(data(names_december).decode(), "2026"))
    off = notice(days=[*notice()["days"], day("2026-12-26")])
    with pytest.raises(InputError, match="2026-12-26 列为放假，而 2026 年的安排把它列为上班"):
        read_candidate(data(off), known)
    same = notice(days=[*notice()["days"], day("2026-12-26", "work")])
    assert read_candidate(data(same), known).year == 2027


def test_every_calendar_that_was_ever_announced_is_taken() -> None:
    # 2020 apart, whose notice of 27 January names the Monday 2020-02-03 as worked, which changes nothing.
    texts = clocks.calendar_texts()
    for one in load_calendar().notices:
        others = clocks.Calendar(other for other in load_calendar().notices if other.year != one.year)
        raw = texts[f"{one.year}.json"].encode()
        if one.year == 2020:
            with pytest.raises(InputError, match="2020-02-03"):
                read_candidate(raw, others)
        else:
            assert read_candidate(raw, others) == one


def test_a_file_with_a_byte_order_mark_is_read(december: Desk) -> None:
    found = december.calendar_difference(b"\xef\xbb\xbf" + data(notice()))
    assert december.apply_calendar(found) == 0
    assert 2027 in december.register.calendar.years


# --- a local overlay ------------------------------------------------------------------------------------------


def test_an_overlay_counts_for_matters_received_from_its_day_on(register: Register, december: Desk) -> None:
    before = received(register, "2026-12-10")
    found = december.overlay_difference("zhejiang", date(2026, 12, 21))
    assert (found.shifts, found.from_on) == ((), date(2026, 12, 21))
    changed = {change.clock: change for change in found.future}
    assert set(changed) == {"C1", "C1t", "C2"}  # domain reference, section 4.6
    assert changed["C2"].before is not None
    assert changed["C2"].after is not None
    assert (changed["C2"].before.zh, changed["C2"].after.zh) == (
        "60日（自然日），可延长30日",
        "30日（自然日），可延长60日",
    )
    assert changed["C1"].after == ("5个工作日", "5 working days")
    assert "浙江省信访条例" in changed["C1"].article.zh
    assert december.apply_calendar(found) == 0
    late_entry, after = received(register, "2026-12-20"), received(register, "2026-12-21")
    sets = dict(register.rows("SELECT id, rules FROM matter"))
    assert [sets[one] for one in (before, late_entry, after)] == ["REG-2022", "REG-2022", "REG-2022/LOCAL-zhejiang"]
    assert register.row("SELECT overlay FROM matter WHERE id=?", (after,)) == ("LOCAL-zhejiang",)
    assert register.row("SELECT overlay FROM matter WHERE id=?", (late_entry,)) == (None,)


def test_an_overlay_is_given_up_again_from_a_day_on(register: Register, december: Desk) -> None:
    december.apply_calendar(december.overlay_difference("LOCAL-henan", date(2026, 12, 21)))
    gone = december.overlay_difference("", date(2026, 12, 25))
    assert {change.clock: change.after for change in gone.future}["L-pass"] is None
    december.apply_calendar(gone)
    assert [lawbook.overlay_on(register, date(2026, 12, number)) for number in (20, 21, 24, 25)] == [
        "", "LOCAL-henan", "LOCAL-henan", "",
    ]  # fmt: skip


def test_the_one_overlay_of_an_earlier_register_counts_until_another_is_chosen(
    register: Register, december: Desk
) -> None:
    from models.desk import put_setting

    with register.act("test", by=december.person, at=at("2026-12-21")) as act:
        put_setting(act, lawbook.FIRST_OVERLAY, "LOCAL-shandong")
    assert lawbook.overlay_on(register, date(2020, 1, 1)) == "LOCAL-shandong"
    december.apply_calendar(december.overlay_difference("beijing", date(2026, 12, 22)))
    assert lawbook.overlay_on(register, date(2026, 12, 21)) == "LOCAL-shandong"
    assert lawbook.overlay_on(register, date(2026, 12, 22)) == "LOCAL-beijing"


@pytest.mark.parametrize(
    ("name", "day", "said"),
    [
        ("zhejiang", "2026-12-20", "保持收到时的规则"),
        ("mars", "2026-12-21", "没有规则"),
        ("", "2026-12-21", "已经是"),
    ],
)
def test_an_overlay_at_fault_is_refused(december: Desk, name: str, day: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        december.overlay_difference(name, date.fromisoformat(day))


def test_an_overlay_applied_is_not_applied_twice(december: Desk) -> None:
    found = december.overlay_difference("zhejiang", date(2026, 12, 21))
    december.apply_calendar(found)
    with pytest.raises(RuleError):
        december.apply_calendar(found)


# --- what a newer program brings ------------------------------------------------------------------------------


def older(**texts: str | None) -> dict[str, str]:
    """Return the program's texts as an earlier version had them; None: it had no such file."""
    found = dict(lawbook.shipped_texts())
    for name, text in texts.items():
        if text is None:
            del found[name]
        else:
            assert text != found[name], "the replacement found its place"
            found[name] = text
    return found


def counting_by(register: Register, texts: dict[str, str]) -> None:
    """Let a register count by these texts, as after an update of the program."""
    with register.database.atomic():
        lawbook.accept(register.connection, texts)
    register.forget_law()


def rules_2022(old: str, new: str) -> dict[str, str | None]:
    return {"rules/reg-2022.toml": lawbook.shipped_texts()["rules/reg-2022.toml"].replace(old, new, 1)}


def test_a_corrected_rule_file_waits_and_the_old_one_counts_until_it_is_reviewed(
    register: Register, december: Desk, tmp_path: Path
) -> None:
    # An earlier version whose first notice had 10 days in place of 15 (the first "length = 15" is that of C1).
    counting_by(register, older(**rules_2022("length = 15", "length = 10")))
    matter = received(register, "2026-12-10")
    assert register.row("SELECT last_on FROM duty WHERE matter=?", (matter,)) == ("2026-12-21",)  # raw 12-20, Sunday
    (candidate,) = december.pending_changes()
    assert (candidate.kind, candidate.name) == ("rules", "rules/reg-2022.toml")
    found = december.difference(candidate)
    assert told(found) == [(matter, "C1", "2026-12-21", "2026-12-25")]
    assert [(change.clock, change.before, change.after) for change in found.future] == [
        ("C1", ("10日（自然日）", "10 calendar days"), ("15日（自然日）", "15 calendar days"))
    ]
    assert_whole(register, tmp_path / "before")
    assert december.apply_calendar(found) == 1
    assert register.row("SELECT last_on FROM duty WHERE matter=?", (matter,)) == ("2026-12-25",)
    assert kept(register) == [(matter, "C1", "2026-12-10", "2026-12-21", "2026-12-25", "2026-12-21")]
    assert december.pending_changes() == ()
    assert register.law is lawbook.shipped()
    assert_whole(register, tmp_path / "after")
    with pytest.raises(RuleError):
        december.apply_calendar(found)


def test_a_calendar_that_an_update_brings_waits_too(register: Register, december: Desk) -> None:
    counting_by(register, older(**{"calendars/2026.json": None}))
    matter = received(register, "2026-12-10")
    assert register.row("SELECT last_on FROM duty WHERE matter=?", (matter,)) == (None,)
    assert 2026 not in register.calendar.years
    found = december.difference(december.pending_changes()[0])
    assert told(found) == [(matter, "C1", None, "2026-12-25")]
    december.apply_calendar(found)
    assert 2026 in register.calendar.years


def test_the_bureau_s_own_calendar_goes_before_what_an_update_brings(register: Register, december: Desk) -> None:
    counting_by(register, older(**{"calendars/2026.json": None}))
    own = notice(2026, days=[*notice(2026)["days"], day("2026-12-25")])
    december.apply_calendar(december.calendar_difference(data(own)))
    received(register, "2026-12-10")
    found = december.difference(december.pending_changes()[0])
    assert found.shifts == ()
    december.apply_calendar(found)
    assert not register.calendar.is_working(date(2026, 12, 25))


def test_a_clock_that_an_update_brings_or_takes_is_shown(register: Register, december: Desk) -> None:
    text = lawbook.shipped_texts()["rules/reg-2022.toml"]
    start, end = text.index('[[clock]]\nid = "C1o"'), text.index('[[clock]]\nid = "C1p"')
    counting_by(register, older(**{"rules/reg-2022.toml": text[:start] + text[end:]}))
    matter = received(register, "2026-12-18", transferred_on=date(2026, 12, 18))
    found = december.difference(december.pending_changes()[0])
    assert (matter, "C1o", None, "2026-12-25") in told(found)
    assert [(c.clock, c.before) for c in found.future] == [("C1o", None)]


def test_another_comment_or_source_is_no_change(register: Register, december: Desk) -> None:
    texts = older(
        **{
            "rules/sc-431.toml": "# 旧注释\n" + lawbook.shipped_texts()["rules/sc-431.toml"],
            "calendars/2026.json": lawbook.shipped_texts()["calendars/2026.json"].replace("commit ", "commit  "),
        }
    )
    counting_by(register, texts)
    assert register.law is lawbook.shipped()
    assert december.pending_changes() == ()


def test_a_register_made_before_this_was_kept_accepts_what_its_program_brings(
    register: Register, template: Template
) -> None:
    with register.database.atomic():
        register.connection.execute("DELETE FROM meta WHERE name LIKE 'law.%'")
    path = register.path
    register.close()
    with template.open(path) as again:
        assert again.row("SELECT value FROM meta WHERE name='law.digest'") == (lawbook.shipped().digest,)
        assert candidates.pending(again) == ()


def test_what_counts_is_kept_when_the_register_is_opened_again(register: Register, template: Template) -> None:
    counting_by(register, older(**rules_2022("length = 15", "length = 10")))
    path = register.path
    register.close()
    with template.open(path) as again:
        assert again.law.book.rule_set("REG-2022").clock("C1").length == 10
        assert [one.kind for one in candidates.pending(again)] == ["rules"]


def test_a_review_of_another_update_is_refused(register: Register, december: Desk) -> None:
    counting_by(register, older(**rules_2022("length = 15", "length = 10")))
    found = december.difference(december.pending_changes()[0])
    other = candidates.Candidate(kind="rules", name="x", cause=found.candidate.cause, content={"digest": "other"})
    with pytest.raises(RuleError):
        december.apply_calendar(december.difference(other))


# --- correction -----------------------------------------------------------------------------------------------


def _states(register: Register, matter: int) -> tuple[clocks.ClockState, ...]:
    row = register.record("matter", matter)
    assert row is not None
    return matters.clock_states(register, matter, row, date(2026, 12, 21))


def test_a_withdrawn_event_gives_the_clocks_back_as_they_were(register: Register, december: Desk) -> None:
    matter = received(register, "2026-12-10")
    before = register.rows("SELECT * FROM duty WHERE matter=?", (matter,))
    states = _states(register, matter)
    wrong = event(register, matter, "noticed", "2026-12-11")
    assert register.rows("SELECT * FROM duty WHERE matter=?", (matter,)) == []
    with register.act("test", by=december.person, at=at("2026-12-21"), matter=matter) as act:
        act.set("event", wrong, withdrawn="记错了事项")
    assert register.rows("SELECT * FROM duty WHERE matter=?", (matter,)) == before
    assert _states(register, matter) == states
    assert before != []


def test_the_sentences_are_told_in_the_language_chosen(december: Desk) -> None:
    errors.speak("en")
    with pytest.raises(InputError, match="does not join the known years"):
        december.calendar_difference(data(notice(2030)))
