"""Correcting acts: whatever was done is taken back by an act of its own, and everything that follows from it too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import acts, correct, errors, issue, projections, search, trail
from models.desk import Desk
from models.records import AttachmentDraft, Staff
from models.register import Register
from models.tables import TABLES
from models.verify import verify
from tests.models.conftest import NOW, at, draft, person, unit

# --- a matter as everyone sees it ---------------------------------------------------------------------------------


def standing(register: Register, matter: int) -> dict[str, Any]:
    """Return all of a matter that is in force: rows, list columns, open clocks, bars, and what search finds of it."""
    found: dict[str, Any] = {"matter": register.record("matter", matter)}
    for table in TABLES:
        if "matter" in table.names and table.name != "correction":
            found[table.name] = register.records(
                table.name, f"matter=? AND {correct.STANDS.get(table.name, '1')} ORDER BY id", (matter,)
            )
    found["list"] = register.rows("SELECT who, channel, due_on, due_clock, place FROM matter WHERE id=?", (matter,))
    found["duty"] = register.rows("SELECT * FROM duty WHERE matter=? ORDER BY clock, start_on", (matter,))
    found["bar"] = register.rows("SELECT * FROM bar WHERE matter=? ORDER BY staff", (matter,))
    document = search.document_of(register.connection, matter)
    spoiled = register.rows("SELECT number, title FROM document WHERE matter=? AND state='spoiled'", (matter,))
    kept = Counter(text for row in spoiled for text in row if text)  # spoiled and cancelled, still found by number
    kept += Counter(
        row[0] for row in register.rows("SELECT number FROM item WHERE matter=? AND cancelled NOT NULL", (matter,))
    )
    found["search"] = (
        Counter(document.short) - kept,
        document.passages,
        document.names,
        document.sealed,
    )
    return found


def newest(register: Register) -> str:
    """Return the reference of the newest entry."""
    return f"{register.device}-{register.seq}"


def index_is_right(register: Register) -> bool:
    matters = [row[0] for row in register.rows("SELECT id FROM matter")]
    return not search.differences(
        register.connection, projections.index_documents(register.connection, matters).values()
    )


# --- one act at a time --------------------------------------------------------------------------------------------


class Case:
    """A matter received on 2026-03-02, what is done on it by people with every role, and by others."""

    def __init__(self, register: Register, **changed: Any) -> None:
        self.register = register
        self.desk = Desk(register, now=lambda: self.now)
        self.now = NOW
        done = self.desk.register_item(draft(**changed))
        self.matter, self.item_number = done.matter, done.item_number

    def do(self, act: str, day: str = "", who: str = "", **inputs: Any) -> str:
        """Take an act; returns its entry."""
        self.now = at(day) if day else self.now
        self.desk.person = self.staff(who) if who else self.register.person
        self.desk.perform(self.matter, act, inputs)
        return newest(self.register)

    def staff(self, login: str) -> Staff:
        return person(self.register, login)

    def refused(self, act: str, kind: type[errors.RuleError], who: str = "", **inputs: Any) -> str:
        """Assert that an act is refused, in one sentence, and that nothing changed; returns the sentence."""
        seq, before = self.register.seq, standing(self.register, self.matter)
        with pytest.raises(kind) as found:
            self.do(act, who=who, **inputs)
        assert type(found.value) is kind
        assert (self.register.seq, standing(self.register, self.matter)) == (seq, before)
        assert found.value.message.zh.endswith("。")
        assert found.value.message.en.endswith(".")
        return found.value.message.zh

    def state(self) -> str:
        return str(self.column("state"))

    def column(self, name: str) -> Any:
        row = self.register.record("matter", self.matter)
        assert row
        return row[name]

    def claim(self) -> int:
        return int(self.register.rows("SELECT id FROM claim WHERE matter=?", (self.matter,))[0][0])


@pytest.fixture
def case(register: Register) -> Callable[..., Case]:
    return lambda **changed: Case(register, **changed)


def screened(case: Callable[..., Case], **changed: Any) -> Case:
    one = case(**changed)
    one.do("screen", category="claim", exit="6")
    return one


def test_an_acceptance_reversed_spoils_its_notice_and_starts_the_clock_again(
    case: Callable[..., Case], register: Register
) -> None:
    one = screened(case)
    before = standing(register, one.matter)
    entry = one.do("accept")
    letter = one.desk.matter(one.matter).documents[0]
    assert one.state() == "S4"
    one.do("reverse", entry=entry, reason="误点受理")
    assert standing(register, one.matter) == before
    assert one.state() == "S2"
    told = issue.verify(register, letter.code, by=register.person)
    assert (told["genuine"], told["zh"]) == (False, "该文书已作废：误点受理")
    row = register.records("number", "document=?", (letter.id,))[0]
    assert (row["state"], row["reason"]) == ("spoiled", "误点受理")
    again = one.do("accept")
    assert again != entry
    numbers = [line.number for line in one.desk.matter(one.matter).documents]
    assert len(set(numbers)) == 2, "a spoiled number is not given again"
    assert all(check.holds for check in verify(register))


def test_a_later_act_on_the_same_column_is_named_and_comes_first(case: Callable[..., Case]) -> None:
    one = screened(case)
    accepted = one.do("accept", "2026-03-05")
    assigned = one.do("assign", "2026-03-06", unit="刑侦")
    said = one.refused("reverse", errors.RuleError, entry=accepted, reason="错")
    assert acts.word("assign", "zh") in said
    assert "2026-03-06" in said
    assert assigned in said
    one.do("reverse", entry=assigned, reason="错")
    one.do("reverse", entry=accepted, reason="错")
    assert one.state() == "S2"
    said = one.refused("reverse", errors.RuleError, entry=accepted, reason="错")
    assert newest(one.register) in said


def test_a_reversal_under_a_later_reversal_stays(case: Callable[..., Case]) -> None:
    """Taking back the reversal of `assign` while `accept` is reversed would be an assignment without acceptance."""
    one = screened(case)
    accepted = one.do("accept")
    assigned = one.do("assign", unit="刑侦")
    first = one.do("reverse", entry=assigned, reason="错")
    second = one.do("reverse", entry=accepted, reason="错")
    assert second in one.refused("reverse", errors.RuleError, entry=first, reason="又错")
    one.do("reverse", entry=second, reason="未错")
    assert one.state() == "S4"
    one.do("reverse", entry=first, reason="未错")
    assert one.state() == "S5"
    assert one.column("unit") == unit(one.register, "刑侦")


def test_what_other_rows_refer_to_comes_last(case: Callable[..., Case], register: Register) -> None:
    """A letter of which a service is recorded: the service is reversed first (domain reference, 9.3)."""
    one = screened(case)
    entry = one.do("accept")
    document = one.desk.matter(one.matter).documents[0].id
    with register.act("note", by=register.person, at=NOW, matter=one.matter) as act:
        service = {"matter": one.matter, "document": document, "way": "post", "on_date": "2026-03-02"}
        act.insert("service", {**service, "outcome": "served"})
    served = newest(register)
    assert served in one.refused("reverse", errors.RuleError, entry=entry, reason="错")
    assert "送达" in one.refused("spoil", errors.RuleError, document=str(document), reason="错")
    one.do("reverse", entry=served, reason="错")
    one.do("reverse", entry=entry, reason="错")
    assert one.state() == "S2"


@pytest.mark.parametrize(
    ("act", "said"), [("read_matter", "没有写下"), ("register_item", "登记撤销"), ("known", "只增不改")]
)
def test_what_is_never_reversed_is_refused_with_its_rule(
    act: str, said: str, case: Callable[..., Case], register: Register
) -> None:
    one = case()
    if act == "read_matter":
        one.desk.matter(one.matter)
    if act == "known":
        with register.act("note", by=register.person, at=NOW, matter=one.matter) as entry:
            line = {"matter": one.matter, "kind": "known", "at": "2026-03-02 09:00", "what": "甲"}
            entry.insert("major_log", line)
    assert said in one.refused("reverse", errors.RuleError, entry=newest(register), reason="错")


def test_entries_that_are_not_this_matters_are_unknown(case: Callable[..., Case], register: Register) -> None:
    other = screened(case)
    entry = newest(register)
    one = case()
    for reference in (entry, "1-1", "999999", "甲", "1-", "-1", "9" * 18, "99999-1"):
        one.refused("reverse", errors.InputError, entry=reference, reason="错")
    assert other.state() == "S2"


def test_who_may_reverse(case: Callable[..., Case]) -> None:
    one = case()
    own = one.do("note", who="ho", text="甲")
    one.refused("reverse", errors.NotAllowedError, who="hu", entry=own, reason="错")
    one.do("reverse", who="ho", entry=own, reason="错")
    other = one.do("note", who="ho", text="乙")
    one.do("reverse", who="pu", entry=other, reason="错")
    one.refused("reverse", errors.NotAllowedError, who="keep", entry=own, reason="错")


def test_a_decision_of_the_chief_is_reversed_by_chief_or_deputy(case: Callable[..., Case]) -> None:
    one = screened(case)
    one.do("accept", "2026-03-03")
    one.do("assign", "2026-03-04", unit="刑侦")
    extended = one.do("extend", "2026-03-20", who="dl", days=30, reason="案情复杂")
    one.refused("reverse", errors.NotAllowedError, who="pu", entry=extended, reason="错")
    one.do("reverse", who="ch", entry=extended, reason="错")
    assert one.state() == "S5"
    reversal = newest(one.register)
    one.refused("reverse", errors.NotAllowedError, who="pu", entry=reversal, reason="错")
    one.do("reverse", who="dl", entry=reversal, reason="未错")
    assert one.state() == "S5x"


def test_a_matter_screened_as_an_accusation_by_mistake_opens_again(
    case: Callable[..., Case], register: Register
) -> None:
    one = case()
    before = standing(register, one.matter)
    entry = one.do("screen", category="accusation")
    assert one.column("sealed") == 1
    assert Desk(register).search("自行车").lines
    one.do("reverse", entry=entry, reason="误选类别")
    assert standing(register, one.matter) == before
    assert index_is_right(register)


def test_a_recusal_decided_by_mistake_lets_the_officer_back(case: Callable[..., Case], register: Register) -> None:
    one = screened(case)
    officer = one.staff("ho").id
    one.do("ask_recusal", staff=officer, asked_by="petitioner", reason="亲属")
    entry = one.do("decide_recusal", who="ch", staff=officer, decision="granted")
    assert (officer, one.matter) in register.rows("SELECT staff, matter FROM bar")
    one.do("reverse", who="ch", entry=entry, reason="张冠李戴")
    assert (officer, one.matter) not in register.rows("SELECT staff, matter FROM bar")
    assert all(check.holds for check in verify(register))


def test_a_reversed_passage_is_nowhere_found(case: Callable[..., Case], register: Register) -> None:
    one = case()
    entry = one.do("note", text="独一无二的记录文字")
    assert one.desk.search("独一无二的记录").lines
    one.do("reverse", entry=entry, reason="写错事项")
    assert not one.desk.search("独一无二的记录").lines
    assert not any("独一无二" in passage["body"] for passage in one.desk.matter(one.matter).passages)


def test_a_dated_fact_that_a_later_act_rests_on_stays(case: Callable[..., Case], register: Register) -> None:
    """`extend` comes after `accepted`: the acceptance is not reversed under it, whatever columns each wrote."""
    one = screened(case)
    entry = one.do("accept")
    with register.act("extend", by=register.person, at=NOW, matter=one.matter) as act:
        act.insert("event", {"matter": one.matter, "kind": "extended", "on_date": "2026-03-02", "days": 10})
    if "accepted" in acts.rule("extend").after:
        assert newest(register) in one.refused("reverse", errors.RuleError, entry=entry, reason="错")


# --- registration and letters -------------------------------------------------------------------------------------


def test_a_registration_is_cancelled_and_keeps_its_number(case: Callable[..., Case], register: Register) -> None:
    one = case()
    one.desk.receipt_pdf(register.rows("SELECT id FROM item WHERE matter=?", (one.matter,))[0][0])
    one.refused("cancel_item", errors.InputError, item="J2026-999999", reason="重复登记")
    one.refused("cancel_item", errors.NotAllowedError, who="reg", item=one.item_number, reason="重复登记")
    entry = one.do("cancel_item", who="pu", item=one.item_number, reason="重复登记")
    row = register.record("matter", one.matter)
    assert row
    assert (row["state"], row["closing"], row["closed_on"]) == ("S13", "filed", "2026-03-02")
    assert register.rows("SELECT 1 FROM duty WHERE matter=?", (one.matter,)) == []
    assert [line.state for line in one.desk.matter(one.matter).documents] == ["spoiled"]
    assert one.desk.find(one.item_number) == one.matter, "the number still leads to it"
    assert case().item_number == "J2026-000002"
    one.refused("cancel_item", errors.RuleError, item=one.item_number, reason="再来")
    one.do("reverse", who="pu", entry=entry, reason="没有重复")
    assert one.state() == "S1"
    assert register.rows("SELECT clock FROM duty WHERE matter=?", (one.matter,)) != []
    assert all(check.holds for check in verify(register))


def test_a_registration_on_which_something_was_done_stays(case: Callable[..., Case]) -> None:
    one = case()
    entry = one.do("screen", category="claim", exit="6")
    assert entry in one.refused("cancel_item", errors.RuleError, item=one.item_number, reason="错")
    one.do("reverse", entry=entry, reason="错")
    one.do("cancel_item", item=one.item_number, reason="错")
    assert one.state() == "S13"


def test_a_repeat_item_linked_to_the_wrong_matter_is_cancelled_with_what_came_with_it(
    case: Callable[..., Case], register: Register
) -> None:
    one = case()
    one.do("screen", category="claim", exit="6")
    before = standing(register, one.matter)
    again = one.desk.register_item(
        draft(repeat_of_matter=one.matter, claims=("另一请求",), statement="另一件事", confidential=True)
    )
    assert one.column("sealed") == 1
    assert "重复件" in one.refused("cancel_item", errors.RuleError, item=one.item_number, reason="错")
    one.do("cancel_item", item=again.item_number, reason="不是同一事项")
    assert standing(register, one.matter) == before
    assert one.state() == "S2"
    assert all(check.holds for check in verify(register))


def test_a_letter_is_spoiled_with_its_number_unless_it_was_served(
    case: Callable[..., Case], register: Register
) -> None:
    one = screened(case)
    one.do("accept")
    letter = one.desk.matter(one.matter).documents[0]
    one.refused("spoil", errors.InputError, document="示公受〔2026〕99号", reason="打印错误")
    one.refused("spoil", errors.MissingPartError, document=letter.number, reason="  ")
    one.refused("spoil", errors.NotAllowedError, who="ho", document=letter.number, reason="打印错误")
    entry = one.do("spoil", who="pu", document=letter.number, reason="打印错误")
    assert issue.verify(register, letter.code, by=register.person)["genuine"] is False
    one.refused("spoil", errors.RuleError, document=letter.number, reason="打印错误")
    one.do("reverse", who="pu", entry=entry, reason="没有错")
    assert issue.verify(register, letter.code, by=register.person)["genuine"] is True


def test_a_paper_attached_by_mistake_goes_and_comes_back(case: Callable[..., Case], register: Register) -> None:
    one = case()
    one.desk.attach(one.matter, AttachmentDraft(name="他人.png", media_type="image/png", data=b"x"))
    entry = newest(register)
    back = one.do("reverse", entry=entry, reason="不是本事项的")
    assert one.desk.matter(one.matter).attachments == ()
    one.do("reverse", entry=back, reason="是的")
    assert [paper.name for paper in one.desk.matter(one.matter).attachments] == ["他人.png"]


# --- the trail ----------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 7), max_size=12))
def test_what_stands_of_a_column_is_what_a_history_without_the_pairs_would_leave(choices: list[int]) -> None:
    """Against a plain model: entries put a value on a stack, a reversal swaps what its target did."""
    made = trail.Standing()
    done: list[trail.Key] = []
    on: list[trail.Key] = []
    for number, choice in enumerate(choices, start=1):
        key = (1, number)
        open_ones = [one for one in done if made.blocker(one) is None and one not in reversed_(done, made)]
        target = open_ones[choice % len(open_ones)] if choice > 3 and open_ones else None
        made.add(key, target)
        if target is None:
            on.append(key)
        elif made.done[key][0]:
            on.append(made.done[key][1])
        else:
            assert on.pop() == made.done[key][1], "only the topmost is ever taken away"
        assert made.stack == on
        done.append(key)


def reversed_(done: list[trail.Key], made: trail.Standing) -> set[trail.Key]:
    """Return the entries that a reversal answered already, for whoever looks only at the stack."""
    return {one for one in done if made.done[one][0] and made.done[one][1] not in made.stack}


def test_entries_are_found_by_their_instant(register: Register, desk: Desk) -> None:
    for _ in range(5):
        desk.register_item(draft())
    for device, seq, instant in register.rows("SELECT device, seq, hlc FROM entry"):
        found = trail.entry_at(register.connection, instant)
        assert found is not None
        assert (found.device, found.seq) == (device, seq)
        assert trail.entry_at(register.connection, instant + 1) is None
