from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.errors import InputError
from models.imports.fields import FIELDS
from models.imports.maps import built_in, load_map, read_map, recognise
from tests.conftest import ROOT

DOCUMENT = (ROOT / "docs" / "format" / "import-map.md").read_text("utf-8")

GOOD = """
id = "test"
recognised_by = [["编号"], ["日期"]]
[constants]
channel = "来电"
[columns]
"编号" = "id"
"日期 | 收到日期" = "received"
"内容" = "statement"
"""


def test_the_document_lists_all_fields() -> None:
    part = DOCUMENT.split("<!-- fields -->")[1].split("<!-- /fields -->")[0]
    assert re.findall(r"^\| `(\w+)` \| (\w+)", part, re.MULTILINE) == [(one.name, one.kind) for one in FIELDS]


def test_the_example_of_the_document_is_a_map() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
    found = read_map(example, "example")
    assert found.id == "county-hotline"
    assert found.constants == {"channel": "call", "source": "hotline"}
    purpose = found.target("诉求类型")
    assert purpose is not None
    assert purpose.word("求助类") == "solution"
    assert recognise(["工单号", "来电时间", "诉求内容"]) is None, (
        "a map is found by itself only when it is the product's"
    )


def test_constants_and_headers_are_read_liberally() -> None:
    found = read_map(GOOD, "test.toml")
    assert found.constants == {"channel": "call"}
    for header in ("日期", "收到日期", "（收到）日期 "):
        target = found.target(header)
        assert target is not None
        assert target.to.name == "received"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("[columns]", "[columns"), "TOML"),
        (('id = "test"', ""), "id"),
        (("[constants]", "[colours]"), "colours"),
        (('"id"', '"nonsense"'), "nonsense"),
        (('"来电"', '"信鸽"'), "信鸽"),
        (('"received"', '"statement"'), "received"),
        (('"编号" = "id"', '"编号" = { to = "id" }'), "to"),
        (('"编号" = "id"', '"编号" = { field = "purpose", values = { "甲" = "乙" } }'), "乙"),
        (('"编号" = "id"', '"风险等级" = "note"'), "风险等级"),
        (('"编号" = "id"', '"编号 | 稳控责任人" = "remark"'), "稳控责任人"),
        (('"编号" = "id"', '"编号" = "risk_level"'), "risk_level"),
        (('"编号" = "id"', '"民族" = { field = "remark" }'), "民族"),
    ],
)
def test_a_wrong_map_is_refused_with_the_cause(change: tuple[str, str], words: str) -> None:
    text = GOOD.replace(*change, 1)
    assert text != GOOD
    with pytest.raises(InputError) as caught:
        read_map(text, "mine.toml")
    assert "mine.toml" in caught.value.message.zh
    assert "mine.toml" in caught.value.message.en
    assert words in caught.value.message.zh or words in caught.value.message.en or change[0] == '"编号" = "id"'


def test_a_column_beyond_the_boundary_may_be_left_aside_by_name() -> None:
    found = read_map(GOOD + '"民族" = "ignore"\n', "mine.toml")
    target = found.target("民族")
    assert target is not None
    assert target.to.name == "ignore"


def test_the_maps_of_the_product_are_sound() -> None:
    maps = {one.id: one for one in built_in()}
    assert set(maps) == {"messages", "petition_system"}
    assert recognise(["留言编号", "留言用户", "留言主题", "留言时间", "留言详情"]) is maps["messages"]
    assert recognise(["信访件编号", "信访日期", "姓名", "概况", "内容"]) is maps["petition_system"]
    assert recognise(["甲", "乙"]) is None


def test_every_field_but_a_few_can_come_with_a_petition_system() -> None:
    have = {target.to.name for one in built_in() for target in one.columns.values()} | {
        name for one in built_in() for name in one.constants
    }
    left = {one.name for one in FIELDS} - have
    assert left == {"ignore", "address_unclear", "content_code"}


def test_unknown_headers_ask_for_a_map(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--map"):
        load_map(None, ["甲", "乙"])
    with pytest.raises(InputError, match=r"nowhere\.toml"):
        load_map(tmp_path / "nowhere.toml", ["甲"])
    (tmp_path / "mine.toml").write_text(GOOD, "utf-8")
    assert load_map(tmp_path / "mine.toml", ["甲"]).id == "test"
