"""Every step from acceptance to the signed opinion can be taken back by a correcting act, and then taken again."""

from __future__ import annotations

from typing import Any

from models.register import Register
from tests.models.cases import BASIS, REPLY, Case
from tests.models.test_agreements import HEARING, HELD, TERMS

STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("assign", {"unit": "刑侦", "handler": "ho"}),
    ("return_unit", {"return_ground": "other_unit", "ground": "属城关派出所辖区"}),
    ("designate", {"unit": "刑侦", "handler": "ho", "ground": "案件性质属刑侦"}),
    ("assist", {"unit": "城关所"}),
    ("end_assist", {"unit": "城关所", "reason": "与其无关"}),
    ("declare", {"interest": "none"}),
    ("hear", {"record": "当面听取"}),
    ("investigate", {"source": "监控", "record": "被推走"}),
    ("answer_unit", REPLY),
    ("extend", {"days": 10, "reason": "复杂"}),
    ("order_hearing", HEARING),
    ("hold_hearing", {"started_on": "2026-03-02", **HELD}),
    ("settle", {"papers": "agreement_signed", **TERMS}),
    ("perform_settlement", {"proof": "收条"}),
    ("ask_recusal", {"staff": "hu", "asked_by": "petitioner", "reason": "同学"}),
    ("decide_recusal", {"staff": "hu", "decision": "granted"}),
    ("draft", {"facts": "查明已立案。", "basis": BASIS, "claims": {"1": "support"}}),
    ("legal_check", {"result": "agree", "opinion_text": "同意"}),
    ("issue", {"execute_by": "2026-04-01"}),
)
TABLES = ("handover", "recusal", "hearing", "agreement", "task", "passage")


def _stands(one: Case) -> list[Any]:
    """Return all that the steps write, as it stands."""
    register, matter = one.register, one.matter
    return [
        register.record("matter", matter),
        register.rows("SELECT kind, on_date FROM event WHERE matter=? AND withdrawn IS NULL ORDER BY id", (matter,)),
        register.rows("SELECT id, decision, grounds FROM claim WHERE matter=? ORDER BY id", (matter,)),
        register.rows("SELECT staff, ended_on FROM reader WHERE matter=? AND ended_on IS NULL ORDER BY id", (matter,)),
        *(one.rows(table) for table in TABLES),
    ]


def test_each_step_is_taken_back_whole_and_can_be_taken_again(register: Register) -> None:
    one = Case(register).accept()
    for name, inputs in STEPS:
        before = _stands(one)
        one.do(name, **inputs)
        taken = f"{register.device}-{register.seq}"
        assert _stands(one) != before, name
        one.desk.reverse(one.matter, taken, "录错")
        changed = [(now, then) for now, then in zip(_stands(one), before, strict=True) if now != then]
        assert not changed, (name, changed)
        one.do(name, **inputs)
    assert one.state == "S7"
    assert all(check.holds for check in one.desk.verify())
