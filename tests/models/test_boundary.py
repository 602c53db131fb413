"""The boundary of the product (domain reference, section 16), held wherever a column or a label could cross it.

The list below is written down here a second time, by hand, so that shortening resources/boundary.toml is noticed.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from models import acts, codes
from models.imports import fields, maps
from models.imports.boundary import kept_out
from models.tables import TABLES
from tests.conftest import ROOT

_NEVER = """
重点人员标志
重点人员
特殊人员
扬言
扬言内容
扬言人
异常动态
进京访风险
不良影响
稳控单位
稳控责任人
风险等级
现实状态
政治面貌
民族
指纹
照片
行踪
行踪轨迹
车票
机票
住宿
宗教信仰
情绪评估
社会关系
家庭成员
信访次数
进京次数
前科
手机定位
微信号
健康状况
维稳责任单位
人脸
声纹
车牌号
key_person
Key person flag
risk_level
Risk
watch list
watchlist
stability_control_unit
fingerprints
Photo
photo_path
political_status
ethnicity
Ethnic group
religion
whereabouts
movements
train_ticket
hotel
next visit forecast
risk score
contact network
voiceprint
criminal record
phone location
WeChat
"""
NEVER = tuple(_NEVER.strip().splitlines())


@pytest.mark.parametrize("header", NEVER)
def test_the_boundary_keeps_out(header: str) -> None:
    kept = kept_out(header)
    assert kept is not None
    assert kept.zh
    assert kept.en


def test_no_column_of_the_register_bears_its_terms() -> None:
    for table in TABLES:
        for column in table.columns:
            assert kept_out(column.name) is None, f"{table.name}.{column.name}"
            for part in re.split(r"[,;:()|/ ]+", column.meaning):
                assert kept_out(part) is None, f"{table.name}.{column.name}: {part}"


def test_no_code_table_bears_its_terms() -> None:
    for name in codes.tables():
        table = codes.table(name)
        for word in (
            name,
            table.zh,
            table.en,
            *(w for one in table.values for w in (one.code, one.zh, one.en, *one.also)),
        ):
            assert kept_out(word) is None, f"{name}: {word}"


def test_no_field_and_no_map_bears_its_terms() -> None:
    for field in fields.FIELDS:
        assert not any(kept_out(word) for word in (field.name, field.zh, field.en)), field.name
    for one in maps.built_in():
        for header in one.columns:
            assert kept_out(header) is None, f"{one.id}: {header}"


def test_no_input_of_an_act_bears_its_terms() -> None:
    for act in acts.table().values():
        assert not any(kept_out(word) for word in (act.zh, act.en, *(field.name for field in act.inputs))), act


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_label_of_the_window_bears_its_terms(language: str) -> None:
    path = Path(ROOT) / "resources" / "i18n" / f"{language}.toml"
    found: list[tuple[str, str]] = []

    def walk(prefix: str, value: object) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(f"{prefix}.{key}", inner)
        elif isinstance(value, str):
            # Labels, not sentences: a sentence may well say that such data are not recorded.
            label = len(value) <= (10 if language == "zh" else 24)
            if prefix == ".letter.sha256":
                return  # the fingerprint of a file, not of a person
            if kept_out(prefix.rpartition(".")[2]) or (label and kept_out(value)):
                found.append((prefix, value))

    walk("", tomllib.loads(path.read_text("utf-8")))
    assert found == []


@pytest.mark.parametrize(
    "header",
    [
        "留言详情",
        "姓名",
        "重点约访",
        "信访目的",
        "警种",
        "被反映单位",
        "thought",
        "title",
        "content",
    ],
)
def test_ordinary_columns_stay(header: str) -> None:
    assert kept_out(header) is None
