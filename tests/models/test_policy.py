"""Who may know of a matter and who may read it: the two forms of the rule are one, and every surface keeps it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models import errors, policy
from models.desk import Desk
from models.records import AccusedDraft, AttachmentDraft, Filters, PersonDraft, Staff
from models.register import Register
from tests.models.conftest import NOW, accused, draft, person, unit

WORD = "独角兽案情"


def test_the_sql_forms_equal_the_function_for_every_combination(register: Register, desk: Desk) -> None:
    cases = list(itertools.product([True, False], repeat=3))
    roles = [frozenset(), *({role} for role in policy.ROLES), {"KEEPER", "HO"}, set(policy.ROLES)]
    matters = {}
    for sealed, barred, reader in cases:
        matters[sealed, barred, reader] = desk.register_item(draft()).matter
    checked = 0
    for number, has in enumerate(roles):
        with register.act("add_staff", by=desk.person, at=NOW) as act:
            listed = "[" + ",".join(f'"{role}"' for role in sorted(has)) + "]"
            staff_id = act.insert("staff", {"login": f"p{number}", "name": f"某{number}", "roles": listed})
            for (sealed, barred, reader), matter in matters.items():
                act.set("matter", matter, sealed=sealed)
                if barred:
                    act.insert("accused", {"matter": matter, "kind": "person", "name": "某", "staff": staff_id})
                if reader:
                    act.insert("reader", {"matter": matter, "staff": staff_id})
        staff = register.staff()[staff_id]
        for (sealed, barred, reader), matter in matters.items():
            want = policy.sight(staff, sealed=sealed, barred=barred, reader=reader)
            known, full = register.rows(
                f"SELECT {policy.known_sql(staff)}, {policy.visible_sql(staff)} FROM matter m WHERE id=?", (matter,)
            )[0]
            assert (bool(known), bool(full)) == (want is not None, want == "full"), (has, sealed, barred, reader)
            checked += 1
    assert checked == 8 * len(roles)


def test_a_reader_whose_time_ended_reads_no_more(register: Register, desk: Desk) -> None:
    matter = desk.register_item(draft(confidential=True)).matter
    pu = person(register, "pu")
    sql = f"SELECT {policy.visible_sql(pu)} FROM matter m WHERE id=?"
    assert register.row(sql, (matter,)) == (1,)
    with register.act("note", by=desk.person, at=NOW) as act:
        for (row,) in register.rows("SELECT id FROM reader WHERE staff=?", (pu.id,)):
            act.set("reader", row, ended_on="2026-03-02")
    assert register.row(sql, (matter,)) == (0,)


# --- the accused and the recused --------------------------------------------------------------------------------------


def name_by_link(register: Register) -> AccusedDraft:
    return accused("刑某", staff=person(register, "ho").id)


def name_by_name(_: Register) -> AccusedDraft:
    return accused("刑办案")


def name_the_unit(register: Register) -> AccusedDraft:
    return accused("那个大队", kind="unit", unit=unit(register, "刑侦"))


def name_the_unit_by_its_name(_: Register) -> AccusedDraft:
    return accused("刑事侦查大队", kind="unit")


def name_the_unit_above(register: Register) -> AccusedDraft:
    return accused("城关派出所", kind="unit")


@pytest.mark.parametrize(
    ("named", "login"),
    [
        (name_by_link, "ho"),
        (name_by_name, "ho"),
        (name_the_unit, "ho"),
        (name_the_unit_by_its_name, "hu"),
        (name_the_unit_above, "suo"),
        (name_the_unit_above, "dui"),
        (name_the_unit_above, "zu"),
    ],
)
@pytest.mark.parametrize("purpose", ["accusation", "solution"])
def test_an_accused_person_meets_no_trace_of_the_matter(
    named: Callable[[Register], AccusedDraft],
    login: str,
    purpose: str,
    register: Register,
    desk: Desk,
    desk_of: Callable[..., Desk],
) -> None:
    about = draft(
        title=WORD, statement=WORD, purpose=purpose, accused=(named(register),),
        attachments=(AttachmentDraft(name=f"{WORD}.png", media_type="image/png", data=WORD.encode()),),
    )  # fmt: skip
    other = the_other(desk)
    done = desk.register_item(about)
    assert_no_trace(register, desk_of(login), done.matter, other, done)


def test_a_recused_officer_meets_no_trace_of_the_matter(
    register: Register, desk: Desk, desk_of: Callable[..., Desk]
) -> None:
    about = draft(
        title=WORD, statement=WORD,
        attachments=(AttachmentDraft(name=f"{WORD}.png", media_type="image/png", data=WORD.encode()),),
    )  # fmt: skip
    other = the_other(desk)
    done = desk.register_item(about)
    ho = desk_of("ho")
    assert ho.search(WORD).lines
    asked = {"staff": ho.person.id, "asked_by": "petitioner", "reason": "是亲属"}
    desk.perform(done.matter, "ask_recusal", asked)
    assert ho.search(WORD).lines, "until it is decided the work goes on"
    desk.perform(done.matter, "decide_recusal", {"staff": ho.person.id, "decision": "granted"})
    assert_no_trace(register, ho, done.matter, other, done)


def test_being_transferred_to_the_accused_unit_or_taking_the_name_bars_from_then_on(
    register: Register, desk: Desk, desk_of: Callable[..., Desk]
) -> None:
    done = desk.register_item(draft(accused=(accused("城关派出所", kind="unit"), accused("生面孔"))))
    for change in ({"unit": unit(register, "一队二组")}, {"name": "生面孔"}):
        ho = desk_of("ho")
        assert ho.count(Filters()) == 1
        with register.act("add_staff", by=desk.person, at=NOW) as act:
            before = {key: register.record("staff", ho.person.id)[key] for key in change}  # type: ignore[index]  # is there
            act.set("staff", ho.person.id, **change)
        assert desk_of("ho").count(Filters()) == 0
        with register.act("add_staff", by=desk.person, at=NOW) as act:
            act.set("staff", ho.person.id, **before)
    assert desk.count(Filters()) == 1
    assert done.matter


def the_other(desk: Desk) -> int:
    """Register the one matter that everybody may see, with two items, so that no two ids of the next are the same."""
    matter = desk.register_item(draft(title="另一件")).matter
    desk.register_item(draft(title="另一件", repeat_of_matter=matter))
    return matter


def assert_no_trace(register: Register, desk: Desk, matter: int, other: int, done: Any) -> None:
    """Ask everything that a desk answers; `other` is the one matter that this person may see."""
    absent = 999_999
    assert [line.id for line in desk.page(Filters()).lines] == [other]
    for order in ("received", "number", "title", "who", "state", "category", "channel", "unit", "handler", "due"):
        for down in (True, False):
            assert [line.id for line in desk.page(Filters(), order=order, descending=down).lines] == [other]
    assert desk.count(Filters()) == 1
    assert desk.count(Filters(states=("S1",))) == 1
    today = desk.today(date(2026, 3, 2))
    assert (today.open_matters, today.unscreened) == (1, 1)
    assert [duty.matter for group in today.groups for duty in group.lines] == [other]
    assert sum(group.total for group in today.groups) == 1
    hits = desk.search(WORD, total=True)
    assert (hits.lines, hits.total) == ((), 0)
    for text in (done.matter_number, done.item_number, done.query_code, "19900001234"):
        assert matter not in [line.id for line in desk.search(text, total=True).lines]
    mine = draft(title=WORD, statement=WORD, people=(PersonDraft(name="王小明", phone="19900001234"),))
    assert [hint.matter for hint in desk.hints(mine)] in ([other], [])
    attachment = register.rows("SELECT id FROM attachment WHERE matter=?", (matter,))[0][0]
    asks: list[tuple[Callable[[Any], Any], Any]] = [
        (desk.find, matter),
        (desk.find, done.matter_number),
        (desk.find, done.item_number),
        (desk.find, done.query_code),
        (desk.matter, matter),
        (desk.open_acts, matter),
        (lambda which: desk.perform(which, "note", {"text": "甲"}), matter),
        (lambda which: desk.attach(which, AttachmentDraft(name="a", media_type="b", data=b"c")), matter),
        (desk.attachment_bytes, attachment),
        (lambda which: desk.preview_letter(which, "registration_form", {}), matter),
        (lambda which: desk.issue_letter(which, "registration_form", {}), matter),
        (lambda which: desk.receipt_pdf(which), done.item),
    ]
    if "REG" in desk.person.roles:
        asks.append((lambda which: desk.register_item(draft(repeat_of_matter=which)), matter))
    seq = register.seq
    for ask, subject in asks:
        answers = []
        for which in (subject, absent if isinstance(subject, int) else "S1999-000001"):
            with pytest.raises(errors.InputError) as refused:
                ask(which)
            answers.append(refused.value.message.zh.replace(str(which), "*"))
            assert refused.value.field == "matter"
        assert answers[0] == answers[1], "what may not be known is answered as what is not there"
    assert register.seq == seq


# --- sealed matters ---------------------------------------------------------------------------------------------------


@pytest.fixture
def sealed(register: Register, desk: Desk) -> int:
    about = draft(
        title=WORD, statement=WORD, purpose="accusation", accused=(accused("外局人"),), claims=(WORD,),
        people=(PersonDraft(name="密告人", phone="19900007777"),),
        attachments=(AttachmentDraft(name=f"{WORD}.png", media_type="image/png", data=WORD.encode()),),
    )  # fmt: skip
    done = desk.register_item(about)
    desk.perform(done.matter, "screen", {"category": "accusation"})
    desk.perform(done.matter, "note", {"text": WORD})
    return done.matter


@pytest.mark.parametrize("login", ["reg", "hu", "ho", "dl", "ch", "leg", "keep"])
def test_the_outline_of_a_sealed_matter_tells_nothing_of_its_content(
    login: str, sealed: int, register: Register, desk_of: Callable[..., Desk]
) -> None:
    desk = desk_of(login)
    number = str(register.row("SELECT number FROM matter WHERE id=?", (sealed,))[0])  # type: ignore[index]  # is there
    shown: list[Any] = [desk.page(Filters(), order=order) for order in ("received", "number", "title", "who", "due")]
    assert all([line.id for line in page.lines] == [sealed] for page in shown), "an outline is in every list"
    shown += [desk.today(date(2026, 3, 2)), desk.matter(sealed), desk.search(number, total=True), desk.search(WORD)]
    assert [line.id for line in desk.search(number).lines] == [sealed]
    assert desk.search(WORD, total=True).total == 0
    assert desk.search("密告人", total=True).total == 0
    assert (
        desk.hints(draft(title=WORD, statement=WORD, people=(PersonDraft(name="密告人", phone="19900007777"),))) == ()
    )
    told = repr(shown)
    for secret in (WORD, "密告人", "19900007777", "外局人", "accusation", "visit", "检举"):
        assert secret not in told
    file = desk.matter(sealed)
    assert file.sight == "outline"
    assert file.clocks
    assert not (file.items)
    assert not (file.people)
    assert not (file.accused)
    assert not (file.passages)
    assert not (file.claims)
    assert not (file.events)
    assert not (file.documents)
    assert not (file.attachments)
    assert not (file.story)
    assert not (file.next_acts)
    assert not (file.handler_name)
    for filters in (
        Filters(categories=("accusation",)), Filters(channels=("visit",)), Filters(handler=desk.person.id),
        Filters(categories=("claim", "suggestion", "other", "accusation")),
    ):  # fmt: skip
        assert desk.count(filters) == 0
        assert desk.page(filters).lines == ()
        assert desk.search(number, filters).lines == ()
    attachment = register.rows("SELECT id FROM attachment")[0][0]
    for ask in (
        lambda: desk.open_acts(sealed),
        lambda: desk.perform(sealed, "note", {"text": "甲"}),
        lambda: desk.attachment_bytes(attachment),
        lambda: desk.attach(sealed, AttachmentDraft(name="a", media_type="b", data=b"c")),
        lambda: desk.preview_letter(sealed, "registration_form", {}),
        lambda: desk.issue_letter(sealed, "registration_form", {}),
    ):
        with pytest.raises(errors.NotAllowedError) as refused:
            ask()
        assert WORD not in refused.value.message.zh + refused.value.message.en


@pytest.mark.parametrize("login", ["pu", "di"])
def test_its_readers_read_a_sealed_matter_whole(login: str, sealed: int, desk_of: Callable[..., Desk]) -> None:
    desk = desk_of(login)
    file = desk.matter(sealed)
    assert file.sight == "full"
    assert file.matter["title"] == WORD
    assert [line.id for line in desk.search(WORD).lines] == [sealed]
    assert desk.page(Filters(categories=("accusation",))).lines[0].title == WORD
    assert desk.count(Filters(categories=("accusation",))) == 1


def test_the_text_of_a_sealed_matter_is_not_in_the_index_on_disk(sealed: int, register: Register) -> None:
    register.connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search_text, row)")
    words = {row[0] for row in register.rows("SELECT term FROM temp.words")}
    assert not any(letter in word for word in words for letter in "独角兽")


def test_a_keeper_without_other_duties_sees_outlines_only(
    register: Register, desk: Desk, desk_of: Callable[..., Desk]
) -> None:
    done = desk.register_item(draft(title=WORD))
    keeper = desk_of("keep")
    assert keeper.matter(done.matter).sight == "outline"
    page = keeper.page(Filters())
    assert [(line.id, line.title, line.who, line.sight) for line in page.lines] == [(done.matter, "", "", "outline")]
    assert keeper.count(Filters()) == 1
    assert keeper.search(WORD, total=True).total == 0
    with pytest.raises(errors.NotAllowedError):
        keeper.register_item(draft())


def test_a_role_that_is_asked_for_is_named(register: Register) -> None:
    staff = Staff(id=1, login="a", name="甲", unit=None, roles=frozenset({"HO"}))
    with pytest.raises(errors.NotAllowedError) as refused:
        policy.require_role(staff, frozenset({"PU", "KEEPER"}), "更改设置", "change settings")
    assert "KEEPER/PU" in refused.value.message.zh
    assert "KEEPER/PU" in refused.value.message.en
    policy.require_role(staff, frozenset(), "看", "look")


def test_everyone_may_read_what_is_open(register: Register, desk: Desk, desk_of: Callable[..., Desk]) -> None:
    done = desk.register_item(draft())
    for login in ("reg", "pu", "hu", "ho", "leg", "dl", "ch", "di", "suo"):
        assert desk_of(login).matter(done.matter).sight == "full"


def test_no_surface_asks_the_tables_past_the_policy() -> None:
    """Every room that reads `matter` for a viewer names the policy; a new one that does not fails here."""
    rooms = Path(policy.__file__).parent
    for name in ("lists", "matters", "find", "handling", "issue", "intake"):
        asks = re.search(r"\b(?:policy|sight)\.\w+\(", (rooms / f"{name}.py").read_text("utf-8"))
        assert asks, name
