"""The list of cases: lines with their evidence, filters, what is sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel

from tests.ui import keycases
from tests.ui.conftest import idle
from tests.ui.programme.pages import lines, named, said, show
from ui.screens.programme.steps import GROUPS, reach_of


def test_a_line_says_who_answers_until_when_and_what_is_proved(qtbot, one, today):
    words = show(qtbot, one, "cases")
    assert len(words) == 8
    stuck = words[2]
    for part in ("反映故意伤害案赔偿未落实", "包案领导：钱伟", "刑侦大队", "何办", "已超 5 天"):
        assert part in stuck, part
    assert f"时限 {today - timedelta(days=5)}" in stuck
    assert "三见：已完成，方案：已完成，化解：已办 1 项，共 2 项，卷宗：未办，评查：未办，回头看：未办" in stuck
    assert "尚无方案" in words[0]
    assert "X2 正在法律程序中" in words[6]
    assert "三见" not in words[6], "a case that is out has no steps to take"
    assert not any("%" in line for line in words), "never a percentage"


def test_steps_bear_icon_and_word(qtbot, one):
    show(qtbot, one, "cases")
    line = one.lines.buttons[2]
    small = [made for made in line.findChildren(QLabel) if made.property("role") == "small" and made.text()]
    words = [made.text() for made in small]
    assert [name for name in ("三见", "方案", "化解 1/2", "卷宗", "评查", "回头看") if name not in words] == []
    icons = [made for made in line.findChildren(QLabel) if not made.pixmap().isNull()]
    assert len(icons) >= len(GROUPS)


@pytest.mark.parametrize(
    ("reached", "wanted"),
    [
        (set(), ("none", 0, 3)),
        ({"met_handler"}, ("part", 1, 3)),
        ({"met_petitioner", "met_handler", "read_file"}, ("done", 3, 3)),
    ],
)
def test_a_group_of_steps_is_reached_in_part(reached, wanted):
    assert reach_of("meetings", reached) == wanted


def test_cases_are_found_by_each_filter(qtbot, one, frame):
    show(qtbot, one, "cases")
    part = one.cases
    lead = next(person.id for person in frame.context.staff if person.name == "钱伟")
    unit = next(number for number, name in frame.context.units if name == "刑侦大队")
    for choice, value, count in (
        (part.state, "rebound", 1),
        (part.state, "closed", 1),
        (part.state, "included", 6),
        (part.source, "province", 1),
        (part.leader, lead, 4),
        (part.unit, unit, 4),
        (part.exclusion, "X5", 1),
        (part.step, "planned", 2),
    ):
        choice.set_value(value)
        idle(qtbot, one.window())
        assert len(lines(one)) == count, choice.accessibleName()
        choice.setCurrentIndex(0)
    part.late.click()
    idle(qtbot, one.window())
    assert ["已超 5 天" in words for words in lines(one)] == [True]
    part.source.set_value("central")
    idle(qtbot, one.window())
    assert lines(one) == []
    assert "没有符合条件的案件" in said(one)
    named(one, "清除筛选").click()
    idle(qtbot, one.window())
    assert len(lines(one)) == 8


def test_what_is_sealed_for_the_viewer_tells_no_content(qtbot, one, monkeypatch):
    """The outline that the register hands over shows number, state and unit, and no steps."""
    found = []
    one.context.ask(lambda desk: desk.programmes.cases(keycases.KEY), found.append, owner=one)
    idle(qtbot, one.window())
    line = found[0].lines[2]
    outline = replace(line, title="", sight="outline", source="", leader="", officer="", reached=(), limit_on=None)
    from ui.screens.programme.cases import case_line

    made = case_line(one.context, outline)
    qtbot.addWidget(made)
    assert "（限定知悉）" in made.accessibleName()
    assert "三见" not in made.accessibleName()
    assert "钱伟" not in made.accessibleName()
