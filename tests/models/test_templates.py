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


def test_a_version_counts_once_approved_and_from_its_day(
    desk: Desk, desk_of: Callable[..., Desk], register: Register
) -> None:
    leader = desk_of("dl").person
    number = templates.save(register, KIND, NEW, by=desk.person, at=NOW)
    assert templates.in_force(register, KIND, TODAY).id == KIND
    start = TODAY + timedelta(days=3)
    templates.approve(register, KIND, number, from_on=start, by=leader, at=NOW)
    assert templates.in_force(register, KIND, TODAY).id == KIND
    own = templates.in_force(register, KIND, start)
    assert (own.id, own.version) == (f"{KIND}/own", 1)
    assert own.text("2022", "closing") == NEW["texts"]["closing"]
    with pytest.raises(errors.RuleError):
        templates.approve(register, KIND, number, from_on=None, by=leader, at=NOW)


def test_letters_keep_the_version_they_were_issued_with(
    desk: Desk, desk_of: Callable[..., Desk], register: Register
) -> None:
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
    number = templates.save(register, KIND, NEW, by=desk.person, at=NOW)
    templates.approve(register, KIND, number, from_on=None, by=desk_of("leg").person, at=NOW)
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


def test_whoever_wrote_a_version_does_not_approve_it(desk: Desk, desk_of: Callable[..., Desk]) -> None:
    """The founder has every role, the legal department may both write and approve: never the same version."""
    mine = desk.save_wording(KIND, NEW)
    with pytest.raises(errors.NotAllowedError):
        desk.approve_wording(KIND, mine)
    theirs = desk_of("leg").save_wording(KIND, {"texts": {"closing": "特此告知。请保存。"}})
    with pytest.raises(errors.NotAllowedError):
        desk_of("leg").approve_wording(KIND, theirs)
    desk_of("leg").approve_wording(KIND, mine)
    desk.approve_wording(KIND, theirs)
    assert [(each.written_by, each.approved_by) for each in desk.wordings(KIND)] == [
        (desk.person.id, desk_of("leg").person.id),
        (desk_of("leg").person.id, desk.person.id),
    ]


ASK = "向{remedy_organ}申请复查，并提交{remedy_papers}。"


@pytest.mark.parametrize(
    ("kind", "texts", "said"),
    [
        ("answer", {"remedy": "可以自收到之日起{remedy_days}日内，按《信访工作条例》第五十一条" + ASK}, "共 50 条"),
        ("answer", {"remedy": "可以自收到之日起{remedy_days}日内，按《信访工作条例》第三十六条" + ASK}, "应为《信访工"),
        ("answer", {"remedy": "不服的，可以自收到之日起{remedy_days}日内（六十日内）" + ASK}, "60日内"),
        ("answer", {"support": "不予支持"}, "用语相同"),
        ("acceptance_notice", {"closing": "不服的，可以自收到之日起30日内申请复查。"}, "不得载明复查"),
        ("acceptance_notice", {"closing": "依据《信访条例》第二十二条告知。"}, "不适用于"),
    ],
)
def test_a_version_whose_letters_could_not_be_issued_is_not_approved(
    desk: Desk, desk_of: Callable[..., Desk], register: Register, kind: str, texts: dict[str, str], said: str
) -> None:
    shown = desk.preview_wording(kind, {"texts": texts})
    assert shown.pdf.startswith(b"%PDF")
    assert any(said in zh for _, zh, _ in shown.missing)
    number = desk.save_wording(kind, {"texts": texts})
    before = register.seq
    with pytest.raises(errors.RuleError, match=said):
        desk_of("leg").approve_wording(kind, number)
    assert register.seq == before


@pytest.mark.parametrize("kind", [kind.code for kind in letters.kinds()])
@pytest.mark.parametrize("rules", ["REG-2022", "SC-431"])
def test_the_shipped_wording_of_every_kind_is_without_fault(kind: str, rules: str) -> None:
    if letters.family_of(rules) in letters.kind_of(kind).families:
        assert templates._tried(kind, rules, letters.wording(kind)) == []


def test_a_withdrawn_version_leaves_its_place_to_the_one_before(
    desk: Desk, desk_of: Callable[..., Desk], register: Register
) -> None:
    leader = desk_of("ch")
    for closing in ("特此告知，甲。", "特此告知，乙。"):
        leader.approve_wording(KIND, desk.save_wording(KIND, {"texts": {"closing": closing}}))
    start = TODAY + timedelta(days=5)
    with pytest.raises(errors.InputError):
        leader.withdraw_wording(KIND, 2, TODAY - timedelta(days=1))
    with pytest.raises(errors.NotAllowedError):
        desk_of("pu").withdraw_wording(KIND, 2, start)
    leader.withdraw_wording(KIND, 2, start)
    assert [templates.in_force(register, KIND, day).version for day in (TODAY, start - timedelta(days=1), start)] == [
        2,
        2,
        1,
    ]
    with pytest.raises(errors.RuleError):
        leader.withdraw_wording(KIND, 2, start)
    leader.withdraw_wording(KIND, 1)
    assert templates.in_force(register, KIND, start).id == KIND
    unapproved = desk.save_wording(KIND, {"texts": {"closing": "特此告知，丙。"}})
    with pytest.raises(errors.RuleError):
        leader.withdraw_wording(KIND, unapproved)


def test_differences_between_two_versions_and_the_shipped_one(desk: Desk) -> None:
    shipped = letters.wording(KIND).text("2022", "closing")
    desk.save_wording(KIND, NEW)
    desk.save_wording(KIND, {"texts": NEW["texts"], "texts_2005": {"closing": "特此通知。"}})
    said = NEW["texts"]["closing"]
    first = [(each.family, each.name, each.before, each.after) for each in desk.wording_differences(KIND, 0, 1)]
    assert first == [("2022", "closing", shipped, said), ("2005", "closing", shipped, said)]
    second = [(each.family, each.name, each.before, each.after) for each in desk.wording_differences(KIND, 1, 2)]
    assert second == [("2005", "closing", said, "特此通知。")]
    assert desk.wording_differences(KIND, 2, 2) == ()
    with pytest.raises(errors.InputError):
        desk.wording_differences(KIND, 1, 9)


def test_the_version_of_an_issued_letter_is_found_again(desk: Desk, desk_of: Callable[..., Desk]) -> None:
    desk_of("leg").approve_wording(KIND, desk.save_wording(KIND, NEW))
    desk.save_wording(KIND, {"texts": {"closing": "特此告知，丁。"}})
    register = desk.register
    found = templates.issued_with(register, KIND, f"{KIND}/own", 1)
    assert found.text("2022", "closing") == NEW["texts"]["closing"]
    shipped = letters.wording(KIND)
    assert templates.issued_with(register, KIND, shipped.id, shipped.version) == shipped
    with pytest.raises(errors.RuleError):
        templates.issued_with(register, KIND, shipped.id, shipped.version + 1)
    with pytest.raises(errors.InputError):
        templates.issued_with(register, KIND, f"{KIND}/own", 7)
    assert desk.wording_of(KIND).version == 1
    assert desk.wording_of(KIND, 0) == shipped


def test_what_the_old_regulation_is_to_keep_is_kept(desk: Desk, register: Register) -> None:
    """A text that counts for both is kept for SC-431 where the version says its shipped words again."""
    shipped = letters.wording(KIND).texts
    name = next(name for name, text in shipped["2022"].items() if shipped["2005"][name] != text)
    new = shipped["2022"][name] + "（补充）"
    number = templates.save(
        register, KIND, {"texts": {name: new}, "texts_2005": {name: shipped["2005"][name]}}, by=desk.person, at=NOW
    )
    found = templates.version_of(register, KIND, number)
    assert (found.text("2022", name), found.text("2005", name)) == (new, shipped["2005"][name])
    other = templates.save(register, KIND, {"texts": {name: new}}, by=desk.person, at=NOW)
    assert templates.version_of(register, KIND, other).text("2005", name) == new
