"""The people of a matter, one petitioner in two entries, matters that prove to be repeats; each can be taken back."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import errors, handling, repeats
from models.desk import Desk, put_setting
from models.records import PaperDraft, PersonDraft
from models.register import Register
from tests.models.conftest import NOW, accused, at, draft, person

WANG = PersonDraft(name="王小明", phone="19900001234", id_number="11010519491231002X", main=True)


class Case:
    def __init__(self, register: Register, day: str = "2026-03-02", **changed: Any) -> None:
        self.register = register
        self.now = at(day)
        self.desk = Desk(register, now=lambda: self.now)
        self.matter = self.desk.register_item(draft(received_on=date.fromisoformat(day), **changed)).matter

    def do(self, act: str, day: str = "", by: str = "", **inputs: Any) -> Case:
        self.now = at(day) if day else self.now
        who = person(self.register, by) if by else self.desk.person
        papers = inputs.pop("papers", ())
        handling.perform(self.register, self.matter, act, inputs, by=who, at=self.now, papers=papers)
        return self

    def refused(self, kind: type[errors.RegisterError], act: str, **inputs: Any) -> errors.RegisterError:
        """Assert that the act is refused in one sentence with its rule, and that nothing was written."""
        before = self.register.seq, self.people(), self.row()
        with pytest.raises(kind) as found:
            self.do(act, **inputs)
        assert (self.register.seq, self.people(), self.row()) == before
        assert type(found.value) is kind
        zh = found.value.message.zh
        if not zh.startswith(("缺少", "没有这个信访事项")):  # those two are the same for every act
            assert zh.count("。") == 1
            assert any(word in zh for word in ("条", "规则", "缺少"))
        assert zh.endswith("。")
        assert found.value.message.en.endswith(".")
        return found.value

    def row(self) -> dict[str, Any]:
        row = self.register.record("matter", self.matter)
        assert row
        return row

    def people(self) -> list[dict[str, Any]]:
        return self.register.records("person", "matter=? AND removed IS NULL ORDER BY id", (self.matter,))

    def names(self) -> list[tuple[str, str]]:
        return [(row["role"], row["name"]) for row in self.people()]

    def events(self) -> list[str]:
        return [
            row[0]
            for row in self.register.rows(
                "SELECT kind FROM event WHERE matter=? AND withdrawn IS NULL ORDER BY id", (self.matter,)
            )
        ]

    def duties(self) -> set[str]:
        return {row[0] for row in self.register.rows("SELECT clock FROM duty WHERE matter=?", (self.matter,))}

    def items(self) -> list[tuple[Any, ...]]:
        return self.register.rows("SELECT repeat, repeat_of FROM item WHERE matter=? ORDER BY id", (self.matter,))


@pytest.fixture
def case(register: Register) -> Callable[..., Case]:
    return lambda *given, **changed: Case(register, *given, **changed)


# --- people -----------------------------------------------------------------------------------------------------------


def test_representatives_are_five_at_most_on_a_visit(case: Callable[..., Case]) -> None:
    """SC-431 Art. 18, REG-2022 Art. 20."""
    one = case(people_count=40)
    for place in range(5):
        one.do("add_person", role="representative", name=f"代表{place}")
    error = one.refused(errors.InputError, "add_person", role="representative", name="代表六")
    assert "5 人" in error.message.zh
    letter = case(channel="letter", people_count=40)
    for place in range(6):
        letter.do("add_person", role="representative", name=f"代表{place}")


def test_the_local_number_of_representatives(case: Callable[..., Case], register: Register) -> None:
    """Zhejiang 2016: up to 10 people at most 3."""
    one = case(people_count=10)
    with register.act("test", by=one.desk.person, at=NOW, matter=one.matter) as act:
        act.set("matter", one.matter, rules="REG-2022/LOCAL-zhejiang")
    for place in range(3):
        one.do("add_person", role="representative", name=f"代表{place}")
    assert "3 人" in one.refused(errors.InputError, "add_person", role="representative", name="代表四").message.zh
    assert "浙江" in one.refused(errors.InputError, "set_group", people=9, representatives=4).message.zh
    one.do("set_group", people=11).do("add_person", role="representative", name="代表四")


def test_an_agent_has_a_mandate_and_acts_for_someone(case: Callable[..., Case]) -> None:
    one = case()
    one.refused(errors.MissingPartError, "add_person", role="agent", name="李律师", mandate="委托书")
    one.refused(errors.InputError, "add_person", role="agent", name="李律师", mandate="委托书", acts_for="无此人")
    one.refused(errors.MissingPartError, "add_person", role="agent", name="李律师", acts_for="王小明")
    one.refused(errors.InputError, "add_person", role="petitioner", name="李四", acts_for="王小明")
    one.do("add_person", role="agent", name="李律师", acts_for="1", papers=[PaperDraft(kind="mandate")])
    one.do("add_person", role="agent", name="赵律师", acts_for="王小明")  # the paper is in the file now
    principal, agent, _ = one.people()
    assert agent["acts_for"] == principal["id"]
    error = one.refused(errors.RuleError, "remove_person", person="王小明", reason="误录")
    assert "代理人" in error.message.zh


def test_a_person_is_entered_once(case: Callable[..., Case]) -> None:
    one = case()
    one.refused(errors.InputError, "add_person", role="petitioner", name="王小明")
    one.do("add_person", role="petitioner", name="王小明", phone="13900007777")  # another telephone: a namesake
    one.refused(errors.InputError, "remove_person", person="王小明", reason="误录")  # which of the two?
    one.do("remove_person", person="2", reason="误录")
    assert one.names() == [("petitioner", "王小明")]


def test_an_entry_by_mistake_is_taken_out_and_the_last_one_stays(case: Callable[..., Case]) -> None:
    one = case()
    assert "唯一" in one.refused(errors.RuleError, "remove_person", person="1", reason="误录").message.zh
    one.do("add_person", role="petitioner", name="李四").do("remove_person", person="王小明", reason="同名误录")
    assert [(row["name"], row["main"]) for row in one.people()] == [("李四", 1)]
    assert one.register.rows("SELECT removed FROM person WHERE name='王小明'") == [("同名误录",)]
    assert one.register.row("SELECT who FROM matter WHERE id=?", (one.matter,)) == ("李四",)


def test_a_claim_by_mistake_is_taken_out(case: Callable[..., Case]) -> None:
    one = case()
    assert "唯一" in one.refused(errors.RuleError, "remove_claim", claim=1, reason="误录").message.zh
    one.do("add_claim", request="要求赔偿")
    one.refused(errors.InputError, "remove_claim", claim=9, reason="误录")
    claims = one.register.records("claim", "matter=? ORDER BY place", (one.matter,))
    with one.register.act("test", by=one.desk.person, at=NOW, matter=one.matter) as act:
        act.set("claim", claims[1]["id"], decision="explain")
    assert "结论" in one.refused(errors.RuleError, "remove_claim", claim=2, reason="误录").message.zh
    one.do("remove_claim", claim=1, reason="与第二项重复")
    assert one.register.rows("SELECT place FROM claim WHERE matter=? AND removed IS NULL", (one.matter,)) == [(2,)]
    one.refused(errors.NotAllowedError, "remove_claim", by="reg", claim=2, reason="误录")


def test_a_reader_is_ended_and_one_stays(case: Callable[..., Case], register: Register) -> None:
    one = case(purpose="accusation")
    assert "不是" in one.refused(errors.InputError, "end_reader", staff="ho", reason="甲").message.zh
    one.do("end_reader", staff="di", reason="调离")
    with pytest.raises(errors.NotAllowedError):
        one.do("note", by="di", text="甲")
    left = [
        row[0] for row in register.rows("SELECT staff FROM reader WHERE matter=? AND ended_on IS NULL", (one.matter,))
    ]
    for staff in left:
        if staff != one.desk.person.id:
            one.do("end_reader", staff=staff, reason="甲")
    assert "唯一" in one.refused(errors.RuleError, "end_reader", staff=one.desk.person.id, reason="甲").message.zh


def test_the_officer_in_charge_stays_a_reader(case: Callable[..., Case], register: Register) -> None:
    one = case(purpose="accusation")
    staff = person(register, "di").id
    with register.act("test", by=one.desk.person, at=NOW, matter=one.matter) as act:
        act.set("matter", one.matter, handler=staff)
    assert "承办人" in one.refused(errors.RuleError, "end_reader", staff=staff, reason="甲").message.zh


def test_the_number_of_people_and_the_group_visit(case: Callable[..., Case], register: Register) -> None:
    one = case()
    one.do("set_group", people=5)
    assert one.row()["group_visit"] == 1
    one.do("set_group", people=5, group="no", representatives=2)
    assert one.row()["group_visit"] == 0
    assert register.rows("SELECT people, representatives FROM item WHERE matter=?", (one.matter,)) == [(5, 2)]
    one.do("set_group", people=4)
    assert register.rows("SELECT people, representatives FROM item WHERE matter=?", (one.matter,)) == [(4, 2)]
    one.refused(errors.InputError, "set_group", people=0)
    one.refused(errors.InputError, "set_group", people=3, representatives=4)
    one.refused(errors.InputError, "set_group", people=9, representatives=-1)
    one.refused(errors.InputError, "set_group", people=9, representatives=6)
    with register.act("set_setting", by=one.desk.person, at=NOW) as act:
        put_setting(act, "intake.group_from", 3)
    assert one.do("set_group", people=3).row()["group_visit"] == 1
    letter = case(channel="letter")
    assert "走访" in letter.refused(errors.RuleError, "set_group", people=30, group="yes").message.zh
    assert letter.do("set_group", people=30).row()["group_visit"] == 0


def test_signatories_come_in_as_a_list(case: Callable[..., Case], register: Register) -> None:
    one = case(channel="letter")
    one.do("add_signatories", names="张三、李四\n王小明\n张三,13900001234")
    assert one.names()[1:] == [("signatory", "张三"), ("signatory", "李四")]
    assert one.row()["joint"] == 1
    assert register.rows("SELECT people FROM item WHERE matter=?", (one.matter,)) == [(3,)]
    one.refused(errors.InputError, "add_signatories", names="李四\n张三")
    one.refused(errors.InputError, "add_signatories", names="、，")
    one.do("add_signatories", names="李四\n赵六")
    assert register.rows("SELECT people FROM item WHERE matter=?", (one.matter,)) == [(4,)]


def test_three_thousand_signatories_are_one_act_of_some_seconds(case: Callable[..., Case], register: Register) -> None:
    one = case(channel="letter")
    seq = register.seq
    family, given = "赵钱孙李周吴郑王冯陈", "一二三四五六七八九十"
    listed = [a + b + c + d for a in family for b in given for c in given for d in given[:3]]
    started = time.perf_counter()
    one.do("add_signatories", names="\n".join([*listed, *listed]))
    assert time.perf_counter() - started < 20  # about one second; the machines of tests are slow and shared
    assert len(one.people()) == len(listed) + 1 == 3001
    assert register.seq == seq + 1


# --- one petitioner, two entries --------------------------------------------------------------------------------------


def test_two_entries_become_one_and_two_again(case: Callable[..., Case], register: Register) -> None:
    one, two = case(), case(people=(PersonDraft(name="王晓明", main=True),))
    number = one.row()["number"]
    two.refused(errors.RuleError, "split_person", person="1", reason="甲")
    two.do("merge_person", person="1", other_matter=number, same_as="王小明", ground="本人出示身份证，名字曾误写")
    two.refused(errors.InputError, "merge_person", person="1", other_matter=number, same_as="1", ground="甲")
    view = repeats.side_by_side(register, two.matter, one.matter, two.desk.person)
    assert view.same_person
    one.do("split_person", person="1", reason="不是同一人")  # from either side
    assert not repeats.side_by_side(register, two.matter, one.matter, two.desk.person).same_person
    (row,) = register.rows("SELECT ground, removed FROM same_person")
    assert row == ("本人出示身份证，名字曾误写", "不是同一人")
    one.refused(errors.RuleError, "split_person", person="1", reason="甲")
    assert (len(one.people()), len(two.people())) == (1, 1)


def test_what_cannot_be_one_petitioner(case: Callable[..., Case], register: Register) -> None:
    one = case(people=(WANG, PersonDraft(name="王小明", id_number="440524188001010014"), PersonDraft(
        name="示例公司", kind="organisation"), PersonDraft(name="李律师", role="agent", acts_for=0)))  # fmt: skip
    merge = {"person": "1", "ground": "甲"}
    assert "号码不同" in one.refused(errors.RuleError, "merge_person", same_as="2", **merge).message.zh
    assert "单位" in one.refused(errors.RuleError, "merge_person", same_as="3", **merge).message.zh
    assert "代理人" in one.refused(errors.RuleError, "merge_person", same_as="4", **merge).message.zh
    one.refused(errors.InputError, "merge_person", same_as="1", **merge)
    one.refused(errors.InputError, "merge_person", same_as="1", other_matter="S2099-000001", **merge)
    one.refused(errors.MissingPartError, "merge_person", person="1", same_as="2", ground="")


def test_a_sealed_matter_is_tied_to_none_that_is_open(case: Callable[..., Case], register: Register) -> None:
    one, sealed = case(), case(purpose="accusation", accused=(accused("督小察"),))
    number = sealed.row()["number"]
    merge = {"person": "1", "same_as": "1", "ground": "甲", "other_matter": number}
    assert "知悉范围" in one.refused(errors.RuleError, "merge_person", **merge).message.zh
    one.desk.person = person(register, "reg")
    with pytest.raises(errors.NotAllowedError):
        one.do("merge_person", **merge)


# --- repeats ----------------------------------------------------------------------------------------------------------

SAME: dict[str, Any] = {"same_person": "yes", "same_substance": "yes", "compared": "事实和诉求相同，没有新的内容"}


def test_a_repeat_is_joined_and_parted_again(case: Callable[..., Case], register: Register) -> None:
    one, two = case(), case("2026-03-10")
    first = one.row()["number"]
    assert "C1" in two.duties()
    error = two.refused(errors.MissingPartError, "join_matter", earlier=first, **SAME)
    assert "第二十三条" in error.message.zh
    two.do("join_matter", "2026-03-11", earlier=first, told="告知正在办理", **SAME)
    row = two.row()
    assert (row["state"], row["closing"], row["joined"], row["closed_on"]) == ("S13", "filed", one.matter, "2026-03-11")
    assert two.events() == ["received", "noticed", "closed"]
    assert two.duties() == set()
    ((repeat, repeat_of),) = two.items()
    assert (repeat, register.row("SELECT matter FROM item WHERE id=?", (repeat_of,))) == (1, (one.matter,))
    (joined,) = repeats.joined_items(register, one.matter, one.desk.person)
    assert (joined.matter, joined.matter_number, joined.received_on) == (two.matter, row["number"], date(2026, 3, 10))
    told = [line for line in one.desk.matter(one.matter).story if line.act == "join_matter"]
    assert [(line.detail.split(" · ")[0], line.on_date) for line in told] == [(row["number"], date(2026, 3, 11))]
    one.refused(errors.RuleError, "unjoin_matter", reason="甲")
    two.do("unjoin_matter", "2026-03-12", reason="经核对是另一件事")
    row = two.row()
    assert (row["state"], row["closing"], row["joined"], row["closed_on"]) == ("S1", None, None, None)
    assert two.events() == ["received"]
    assert "C1" in two.duties()
    assert two.items() == [(0, None)]
    assert repeats.joined_items(register, one.matter, one.desk.person) == ()
    assert all(check.holds for check in one.desk.verify())


def test_what_is_no_repeat_is_not_joined(case: Callable[..., Case], register: Register) -> None:
    one, two = case(), case("2026-03-10")
    first = one.row()["number"]
    join = {"earlier": first, "told": "甲", **SAME}
    for field in ("same_person", "same_substance"):
        assert "初次信访" in two.refused(errors.RuleError, "join_matter", **{**join, field: "no"}).message.zh
    two.refused(errors.MissingPartError, "join_matter", **{**join, "compared": ""})
    two.refused(errors.InputError, "join_matter", **{**join, "earlier": two.row()["number"]})
    two.refused(errors.InputError, "join_matter", **{**join, "earlier": "S2099-000001"})
    assert "在后" in one.refused(errors.RuleError, "join_matter", **{**join, "earlier": two.row()["number"]}).message.zh
    other = case("2026-03-11", people=(PersonDraft(name="李四", main=True),))
    assert "同一信访人" in other.refused(errors.RuleError, "join_matter", **join).message.zh
    sealed = case("2026-03-12", confidential=True)
    assert "知悉范围" in sealed.refused(errors.RuleError, "join_matter", **join).message.zh
    two.refused(errors.NotAllowedError, "join_matter", by="ho", **join)


def test_joining_goes_to_the_first_matter_and_makes_no_chain(case: Callable[..., Case]) -> None:
    one, two, three = case(), case("2026-03-10"), case("2026-03-12")
    two.do("join_matter", earlier=one.row()["number"], told="甲", **SAME)
    error = three.refused(errors.RuleError, "join_matter", earlier=two.row()["number"], told="甲", **SAME)
    assert one.row()["number"] in error.message.zh
    error = one.refused(errors.RuleError, "join_matter", earlier=three.row()["number"], told="甲", **SAME)
    three.do("join_matter", earlier=one.row()["number"], told="甲", **SAME)


def test_nobody_is_told_where_nobody_can_be(case: Callable[..., Case]) -> None:
    """An anonymous accusation repeats one against the same accused; its notice was lifted at registration."""
    nameless = {"anonymous": True, "people": (), "purpose": "accusation", "accused": (accused("某所长"),)}
    one, two = case(**nameless), case("2026-03-10", **nameless)
    two.do("join_matter", earlier=one.row()["number"], **SAME)
    assert two.events() == ["received", "exempted", "closed"]


def test_the_two_texts_are_laid_side_by_side(case: Callable[..., Case], register: Register) -> None:
    one, two = (
        case(),
        case("2026-03-10", statement="二月十日自行车在家门口被盗，报案后没有消息。另外楼道的灯也坏了三个月。"),
    )
    view = repeats.side_by_side(register, two.matter, one.matter, two.desk.person)
    assert view.same_person
    assert [sentence.text for sentence in view.texts.new] == ["另外楼道的灯也坏了三个月"]
    with pytest.raises(errors.InputError):
        repeats.side_by_side(register, one.matter, one.matter, one.desk.person)


def test_advice_on_a_repeat_item(case: Callable[..., Case], register: Register) -> None:
    """Domain reference 10.4: still in time - tell so; told before and nothing new - file; at once to several - file."""
    one = case(addressee="示例县公安局")

    def repeat(day: str, **changed: Any) -> repeats.RepeatAdvice:
        one.now = at(day)
        item = one.desk.register_item(
            draft(received_on=date.fromisoformat(day), repeat_of_matter=one.matter, **changed)
        ).item
        return repeats.repeat_advice(register, one.matter, item, one.desk.person, date.fromisoformat(day))

    (first,) = register.row("SELECT id FROM item WHERE matter=?", (one.matter,)) or (0,)
    assert repeats.repeat_advice(register, one.matter, first, one.desk.person, date(2026, 3, 2)).code == "first"
    assert repeat("2026-03-03").code == "screen"
    one.do("screen", category="claim", exit="6").do("accept")
    told = repeat("2026-03-09")
    assert told.code == "tell"
    assert "2026-05-06" in told.words.zh or "2026-05-0" in told.words.zh
    at_once = repeat("2026-03-04", addressee="示例县信访局")
    assert (at_once.code, "多个收信人" in at_once.words.zh) == ("file", True)
    with register.act("test", by=one.desk.person, at=one.now, matter=one.matter) as act:
        act.insert("event", {"matter": one.matter, "kind": "noticed", "on_date": "2026-03-09", "note": "告知正在办理"})
    again = repeat("2026-03-20")
    assert (again.code, "2026-03-09" in again.words.en) == ("file", True)
    with pytest.raises(errors.InputError):
        repeats.repeat_advice(register, one.matter, 1, one.desk.person, date(2026, 3, 20))
