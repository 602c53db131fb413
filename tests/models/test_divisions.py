from __future__ import annotations

import csv
import gzip
from pathlib import Path

from models.divisions import division, divisions, find, full_name, parents, successors


def test_current_and_former_codes() -> None:
    assert division("110101") is not None
    former = division("110103")
    assert former is not None
    assert not former.current
    assert [one.code for one in successors("110103")] == ["110101"]
    assert full_name("110103") == "北京市崇文区"
    assert [one.level for one in parents("430121")] == ["province", "prefecture"]
    assert division("000000") is None
    assert full_name("000000") == ""
    assert successors("000000") == ()


def test_a_longer_code_is_cut_to_six_digits() -> None:
    assert division("11010519491231002X") == division("110105")


def test_names_are_found_within_a_division() -> None:
    everywhere = find("鼓楼区")
    assert len(everywhere) > 1
    assert [one.code for one in find("鼓楼区", within="320100")] == ["320106"]


def test_the_table_holds_together() -> None:
    table = divisions()
    current = [one for one in table.values() if one.current]
    assert len([one for one in current if one.level == "province"]) == 34
    for one in current:
        assert one.parent == "" if one.level == "province" else table[one.parent].current, one
    for one in table.values():
        assert all(found.current for found in successors(one.code)), one


def test_the_table_is_the_published_one(real_data: Path) -> None:
    def rows(name: str) -> list[dict[str, str]]:
        with gzip.open(real_data / name, "rt", encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    current, former = rows("divisions.csv.gz"), rows("divisions_old.csv.gz")
    assert len(divisions()) == len(current) + len(former)
    for row in current:
        one = divisions()[row["code"]]
        assert (one.name, one.parent, one.level) == (row["name"], row["parent"], row["level"])
    for row in former:
        one = divisions()[row["code"]]
        assert (one.name, "|".join(one.replaced_by), one.current) == (row["name"], row["replaced_by"], False)
