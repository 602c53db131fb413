"""Joint petitions: representatives at most as many as law and local rule say, lists of signatories, group visits."""

from __future__ import annotations

from datetime import date

import pytest

from models import clocks, errors, intake, joint
from models.desk import Desk, put_setting
from models.joint import Signatory, read_signatories
from models.records import PersonDraft
from models.register import Register
from tests.models.conftest import NOW, draft


def many(number: int) -> tuple[PersonDraft, ...]:
    return tuple(PersonDraft(name=f"甲{place}", role="representative") for place in range(number))


@pytest.mark.parametrize(
    ("rules", "number", "most"),
    [
        ("REG-2022", 8, 5),
        ("SC-431", 8, 5),
        ("REG-2022/LOCAL-zhejiang", 8, 3),
        ("REG-2022/LOCAL-zhejiang", 10, 3),
        ("REG-2022/LOCAL-zhejiang", 11, 5),
        ("REG-2022/LOCAL-zhejiang", None, 5),
        ("REG-2022/LOCAL-beijing", 8, 5),
    ],
)
def test_representatives_by_rule_and_number(rules: str, number: int | None, most: int) -> None:
    """SC-431 Art. 18, REG-2022 Art. 20: 5; Zhejiang 2016: up to 10 people 3, above 10 people 5."""
    found, article = joint.representatives_cap(clocks.rule_set(rules), number)
    assert found == most
    assert ("浙江" in article.zh) == ("zhejiang" in rules)
    joint.refuse_too_many(clocks.rule_set(rules), number, most)
    with pytest.raises(errors.InputError) as refused:
        joint.refuse_too_many(clocks.rule_set(rules), number, most + 1)
    assert refused.value.field == "representatives"
    assert refused.value.message.zh.count("。") == 1


def test_the_counter_keeps_the_local_number(register: Register, desk: Desk) -> None:
    visit = draft(people=many(4), people_count=9)
    intake.check(visit, date(2026, 3, 2))
    with register.act("set_setting", by=desk.person, at=NOW) as act:
        put_setting(act, "rules.overlay", "LOCAL-zhejiang")
    with pytest.raises(errors.InputError):
        desk.register_item(visit)
    desk.register_item(draft(people=many(4), people_count=11))
    desk.register_item(draft(people=many(4), people_count=9, channel="letter"))


def test_a_group_visit_is_counted_from_the_setting(register: Register, desk: Desk) -> None:
    def group(number: int, channel: str = "visit") -> object:
        done = desk.register_item(draft(people_count=number, channel=channel))
        row = register.record("matter", done.matter)
        assert row
        return row["group_visit"]

    assert [group(4), group(5), group(50, "letter")] == [0, 1, 0]
    with register.act("set_setting", by=desk.person, at=NOW) as act:
        put_setting(act, "intake.group_from", 10)
    assert [group(9), group(10)] == [0, 1]


def names_of(text: str) -> list[str]:
    return [one.name for one in read_signatories(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("张三\n李四\n王五", ["张三", "李四", "王五"]),
        ("张三、李四，王五；赵六", ["张三", "李四", "王五", "赵六"]),
        ("1. 张三\n2、李四\n（3）王五\n4 赵六", ["张三", "李四", "王五", "赵六"]),
        ("张三 李四 王五", ["张三", "李四", "王五"]),
        ("张 三", ["张 三"]),
        ("张三,李四\r\n\r\n王五\t", ["张三", "李四", "王五"]),
        ("姓名\n张三", ["张三"]),
        ("John Smith\nMary Ann Lee", ["John Smith", "Mary Ann Lee"]),
        ("艾力·买买提、古丽", ["艾力·买买提", "古丽"]),
        ("张三\n张三\n李四\n张 三", ["张三", "李四"]),
    ],
)
def test_lists_as_people_paste_them(text: str, wanted: list[str]) -> None:
    assert names_of(text) == wanted


def test_a_pasted_table() -> None:
    text = (
        "序号,姓名,身份证号,电话,住址\n"
        "1,张三,11010519491231002x,139 0000 1234,城关镇一号\n"
        '2,李四,,0571-2345678,"东街, 5 号"\n'
        "3\t王五\t13900005678\n"
        "赵六 13900009999 城关镇 3 组\n"
    )
    assert read_signatories(text) == [
        Signatory(name="张三", id_number="11010519491231002X", phone="139 0000 1234", address="城关镇一号"),
        Signatory(name="李四", phone="0571-2345678", address="东街, 5 号"),
        Signatory(name="王五", phone="13900005678"),
        Signatory(name="赵六", phone="13900009999", address="城关镇 3 组"),
    ]


def test_one_name_is_one_person_unless_a_number_differs() -> None:
    """15 and 18 digits of one identity number are one number (GB 11643-1999)."""
    found = read_signatories(
        "张三,110105491231002\n张三,11010519491231002X,13900001234\n张三,440524188001010014\n张三\n李四,13900001111\n李四,13900002222"
    )
    assert [(one.name, one.id_number, one.phone) for one in found] == [
        ("张三", "110105491231002", "13900001234"),
        ("张三", "440524188001010014", ""),
        ("李四", "", "13900001111"),
        ("李四", "", "13900002222"),
    ]


@pytest.mark.parametrize("text", [" \n ", "姓名,电话\n", "、，"])
def test_a_list_without_names_is_refused(text: str) -> None:
    with pytest.raises(errors.InputError) as refused:
        read_signatories(text)
    assert refused.value.field == "names"
    assert "第十九条" in refused.value.message.zh
