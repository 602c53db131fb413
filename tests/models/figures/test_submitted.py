"""Submitting: frozen once, month by month, after the month; what changes afterwards is a correction, told once."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest

from models import attachments, errors
from models.figures import frozen, submission
from models.figures.gather import Gathered
from models.figures.records import Period
from models.figures.source import Rows
from models.register import Register
from models.sheets import issue
from models.verify import verify
from tests.models.conftest import at, draft
from tests.models.figures.bureau import MARCH
from tests.models.figures.conftest import Bureau

DAY = "2026-04-10"


def late_letter(office: Bureau) -> None:
    """Register on 04-12 a letter that came on 03-20 and was forgotten."""
    office.desk("2026-04-12").register_item(draft(channel="letter", received_on=date(2026, 3, 20), title="补登"))


def test_a_submitted_month_is_frozen_with_its_paper(office: Bureau) -> None:
    head = office.figures(DAY, "pu")
    one = head.submit(head.month("2026-03"), analysis="一件逾期。", suggestions="逐件催办。")
    assert (one.period.key, one.submitted_on, one.submitted_by) == ("2026-03", date(2026, 4, 10), "信大明")
    assert {code: figure.value for code, figure in one.figures.items()} == MARCH
    assert head.corrections(one.period) == ()
    assert one.document is not None
    paper = issue.row_of(office.register, one.document, head.person)
    assert (paper["kind"], paper["subject"], paper["number"]) == (
        "month_report",
        "2026-03",
        "示公（信）月报〔2026〕1号",
    )
    assert attachments.load(office.register, paper["sha256"]).startswith(b"%PDF")
    late_letter(office)
    office.desk("2026-04-12").perform(office.matters["C"], "screen", {"category": "claim", "exit": "4"})
    again = office.figures("2026-04-20")
    kept = again.of_period(again.month("2026-03"))
    assert kept is not None
    assert {code: figure.value for code, figure in kept.figures.items()} == MARCH


def test_a_later_change_is_a_correction_with_its_matters(office: Bureau) -> None:
    head = office.figures(DAY, "pu")
    march = head.submit(head.month("2026-03")).period
    late_letter(office)
    after = office.figures("2026-04-20")
    found = {one.code: one for one in after.corrections(march)}
    new = office.register.row("SELECT max(id) FROM matter")
    assert new
    assert {code: one.difference for code, one in found.items() if one.difference} == {
        "received": 1, "letters": 1, "matters_new": 1, "open_at_end": 1,
    }  # fmt: skip
    assert all(one.added == new and not one.gone for one in found.values() if one.difference)
    assert set(found) == {"received", "letters", "matters_new", "open_at_end", "repeat_rate", "contact_rate"}
    assert found["repeat_rate"].now.value == 1 / 9
    office.desk("2026-04-21").perform(
        new[0], "cancel_item", {"item": _number(office.register, new[0]), "reason": "误登"}
    )
    assert office.figures("2026-04-22").corrections(march) == ()


def test_the_next_month_tells_it_and_the_one_after_does_not(office: Bureau) -> None:
    for month, day in (("2026-03", DAY), ("2026-04", "2026-05-06"), ("2026-05", "2026-06-02")):
        if month == "2026-04":
            late_letter(office)
        head = office.figures(day, "pu")
        head.submit(head.month(month))
    told = dict(office.register.rows("SELECT period, corrections FROM period_report"))
    assert orjson.loads(told["2026-03"]) == []
    april = {one["code"]: one for one in orjson.loads(told["2026-04"])}
    assert april["received"] == {
        "period": "2026-03", "programme": "", "code": "received", "submitted": [8, None], "now": [9, None],
        "more": [1, 0],
    }  # fmt: skip
    assert april["repeat_rate"]["more"] == [0, 1]
    assert orjson.loads(told["2026-05"]) == []


def test_what_the_submitter_could_not_know_is_a_correction_for_those_who_may(office: Bureau) -> None:
    with office.register.act("set_roles", by=office.register.person, at=at(DAY)) as act:
        row = office.register.row("SELECT id FROM staff WHERE login='suo'")
        assert row
        act.set("staff", row[0], roles='["PU"]')
    accused = office.figures(DAY, "suo")
    one = accused.submit(accused.month("2026-03"))
    assert one.figures["received"].value == 7
    assert accused.corrections(one.period) == ()
    head = office.figures(DAY, "pu")
    found = {change.code: change for change in head.corrections(one.period)}
    assert (found["received"].difference, found["received"].added) == (1, (office.matters["I"],))


def test_who_is_barred_is_never_shown_a_submitted_figure_with_the_matter(office: Bureau) -> None:
    head = office.figures(DAY, "pu")
    march = head.submit(head.month("2026-03")).period
    accused = office.figures("2026-04-11", "suo")
    one = accused.of_period(march)
    assert one is not None
    live = accused.report(march).figures
    assert {code: figure.value for code, figure in one.figures.items()} == {
        code: figure.value for code, figure in live.items()
    }
    assert one.figures["received"].value == 7
    assert accused.corrections(march) == ()
    paper = head.of_period(march)
    assert paper is not None
    assert paper.document is not None
    assert one.document is None  # its totals, beside the own ones, would tell that there is something
    with pytest.raises(errors.InputError, match="没有这份文书"):
        issue.pdf_of(office.register, paper.document, accused.person)
    assert issue.listed(office.register, accused.person) == ()
    officer = office.figures("2026-04-11", "ho")  # who reads no accusation, and may know that there is one
    assert issue.pdf_of(office.register, paper.document, officer.person).startswith(b"%PDF")


def test_before_the_month_ends_it_is_not_submitted(office: Bureau) -> None:
    for day in ("2026-03-10", "2026-03-31"):
        head = office.figures(day, "pu")
        before = office.register.seq
        with pytest.raises(errors.RuleError) as refused:
            head.submit(head.month("2026-03"))
        assert "2026-03-31" in refused.value.message.zh
        assert "尚未结束" in refused.value.message.zh
        assert office.register.seq == before


def test_a_month_is_submitted_once_and_in_order(office: Bureau) -> None:
    head = office.figures("2026-06-02", "pu")
    head.submit(head.month("2026-03"))
    with pytest.raises(errors.RuleError, match="已于 2026-06-02 报送"):
        head.submit(head.month("2026-03"))
    with pytest.raises(errors.RuleError, match="2026年4月尚未报送"):
        head.submit(head.month("2026-05"))
    assert [one.period.key for one in head.waiting()] == ["2026-04", "2026-05"]
    head.submit(head.month("2026-04"))
    head.submit(head.month("2026-05"))
    assert head.waiting() == ()
    assert [one.period.key for one in head.submitted("month")] == ["2026-05", "2026-04", "2026-03"]


def test_only_the_head_of_the_petition_unit_and_leaders_submit(office: Bureau) -> None:
    for login in ("reg", "ho", "hu", "leg", "di", "keep"):
        asked = office.figures(DAY, login)
        with pytest.raises(errors.NotAllowedError):
            asked.submit(asked.month("2026-03"))
    chief = office.figures(DAY, "ch")
    assert chief.submit(chief.month("2026-03")).submitted_by == "正局长"


def test_days_chosen_at_will_are_not_submitted(office: Bureau) -> None:
    head = office.figures(DAY, "pu")
    with pytest.raises(errors.RuleError, match="不能报送"):
        head.submit(head.span(date(2026, 3, 1), date(2026, 3, 5)))


def test_a_year_is_submitted_too(office: Bureau) -> None:
    head = office.figures("2027-01-10", "pu")
    one = head.submit(head.year("2026"))
    assert one.figures["received"].value == 11
    assert one.document is not None
    assert issue.row_of(office.register, one.document, head.person)["kind"] == "annual_report"


def test_a_submission_verifies_with_the_whole_register(office: Bureau) -> None:
    head = office.figures(DAY, "pu")
    head.submit(head.month("2026-03"), analysis="一件逾期。")
    assert [check.name for check in verify(office.register) if not check.holds] == []


def test_a_month_that_two_workstations_submitted_is_told_once(office: Bureau) -> None:
    head = office.figures(DAY, "pu")
    first = head.submit(head.month("2026-03"))
    row = office.register.record("period_report", first.id)
    assert row
    with office.register.act("submit_figures", by=office.register.person, at=at("2026-04-11")) as act:
        act.insert("period_report", {**{name: row[name] for name in row if name != "id"}, "submitted_on": "2026-04-11"})
    assert [one.id for one in head.submitted("month")] == [first.id]


def test_frozen_figures_are_read_back_as_they_were(office: Bureau) -> None:
    head = office.figures(DAY, "pu")
    live = head.report(head.month("2026-03"))
    figures, programmes = frozen.read(frozen.freeze(live))
    assert programmes == {}
    for code, figure in live.figures.items():
        assert (figures[code].numerator, figures[code].denominator, figures[code].version) == (
            figure.numerator, figure.denominator, figure.version,
        )  # fmt: skip
    assert frozen.differences((figures, programmes), live) == ()


def test_corrections_compute_neither_comparisons_nor_parts(office: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    """A month's report looks at the twelve before: each is gathered once, and what is on the screen is used again."""
    head = office.figures("2026-06-02", "pu")
    for key in ("2026-03", "2026-04"):
        head.submit(head.month(key))
    gathered: list[str] = []

    def counted(rows: Rows, period: Period, **more: Any) -> Gathered:
        gathered.append(period.key)
        return Gathered(rows, period, **more)

    monkeypatch.setattr("models.figures.report.Gathered", counted)
    assert submission.found_since(head, head.month("2026-05")) == []
    assert gathered == ["2026-03", "2026-04"]
    head.report(head.month("2026-05"))
    assert gathered[2:] == ["2026-05", "2025-05"], "April is known"
    for key in ("2026-03", "2026-04", "2026-05"):
        head.corrections(head.month(key))
    head.report(head.month("2026-05"), compare=False)
    assert len(gathered) == 4, "nothing was written since"


def test_a_newer_form_is_refused(office: Bureau) -> None:
    head = office.figures(DAY, "pu")
    data = orjson.loads(frozen.freeze(head.report(head.month("2026-03"))))
    with pytest.raises(errors.BugError):
        frozen.read(orjson.dumps({**data, "format": 2}))


def _number(register: Register, matter: int) -> str:
    row = register.row("SELECT number FROM item WHERE matter=? ORDER BY id LIMIT 1", (matter,))
    assert row
    return str(row[0])
