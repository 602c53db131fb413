"""The unit's own wording: checked when saved, in force once approved and from its day, kept by its letters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models import errors, letters, templates
from models.desk import Desk
from models.records import ItemDraft, PersonDraft
from models.register import Register
from tests.models.conftest import NOW, TODAY

KIND = "acceptance_notice"
NEW = {"texts": {"closing": "特此告知，请妥善保存。"}}


def test_a_version_counts_once_approved_and_from_its_day(desk: Desk, register: Register) -> None:
    number = templates.save(register, KIND, NEW, by=desk.person, at=NOW)
    assert templates.in_force(register, KIND, TODAY).id == KIND
    start = TODAY + timedelta(days=3)
    templates.approve(register, KIND, number, from_on=start, by=desk.person, at=NOW)
    assert templates.in_force(register, KIND, TODAY).id == KIND
    own = templates.in_force(register, KIND, start)
    assert (own.id, own.version) == (f"{KIND}/own", 1)
    assert own.text("2022", "closing") == NEW["texts"]["closing"]
    with pytest.raises(errors.RuleError):
        templates.approve(register, KIND, number, from_on=None, by=desk.person, at=NOW)


def test_letters_keep_the_version_they_were_issued_with(desk: Desk, register: Register) -> None:
    def issue() -> tuple[str, int]:
        draft = ItemDraft(
            received_on=date(2026, 2, 10), statement="反映", claims=("答复",), people=(PersonDraft(name="赵"),)
        )
        matter = desk.register_item(draft).matter
        desk.perform(matter, "screen", {"category": "claim", "exit": "6"})
        desk.perform(matter, "accept", {"on": TODAY.isoformat()})
        row = register.records("document", "matter=?", (matter,))[0]
        return row["template"], row["template_version"]

    shipped = issue()
    templates.approve(register, KIND, templates.save(register, KIND, NEW, by=desk.person, at=NOW), from_on=None,
                      by=desk.person, at=NOW)  # fmt: skip
    assert shipped == (KIND, letters.wording(KIND).version)
    assert issue() == (f"{KIND}/own", 1)
    assert register.records("document", "1 ORDER BY id")[0]["template"] == KIND


@pytest.mark.parametrize(
    "texts",
    [
        {"texts": {"no_such": "文字"}},
        {"texts": {"closing": "{no_such_fact}"}},
        {"texts": {"limit": "请耐心等待。"}},
        {"texts": {"closing": "{title"}},
        {"texts": {}},
        {"texts": {"closing": letters.wording(KIND).text("2022", "closing")}},
    ],
)
def test_what_may_not_be_said_is_not_saved(desk: Desk, register: Register, texts: dict[str, dict[str, str]]) -> None:
    before = register.seq
    with pytest.raises(errors.InputError):
        templates.save(register, KIND, texts, by=desk.person, at=NOW)
    assert register.seq == before


def test_writing_and_approving_are_different_duties(desk_of: Callable[..., Desk], register: Register) -> None:
    with pytest.raises(errors.NotAllowedError):
        templates.save(register, KIND, NEW, by=desk_of("ho").person, at=NOW)
    number = templates.save(register, KIND, NEW, by=desk_of("pu").person, at=NOW)
    with pytest.raises(errors.NotAllowedError):
        templates.approve(register, KIND, number, from_on=None, by=desk_of("pu").person, at=NOW)
    templates.approve(register, KIND, number, from_on=None, by=desk_of("leg").person, at=NOW)
    with pytest.raises(errors.InputError):
        templates.approve(register, KIND, 9, from_on=None, by=desk_of("leg").person, at=NOW)
