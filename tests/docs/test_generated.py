"""Parts of the documents that are made from the code say what the code says."""

from __future__ import annotations

import re

import pytest

from models import acts, codes
from tests.docs import generated


@pytest.mark.parametrize("name", generated.PARTS)
def test_a_made_part_says_what_the_code_says(name: str) -> None:
    assert generated.written(name) == generated.PARTS[name][1](), "python -m tests.docs.generated"


def test_each_act_stands_in_the_diagram_or_in_the_list_below_it() -> None:
    diagram, _, rest = generated.states().partition("Acts that leave")
    drawn = {
        act for line in diagram.splitlines() if "-->" in line for act in re.findall(r"\w+", line.partition(":")[2])
    }
    listed = set(re.findall(r"^\| `(\w+)`", rest, re.MULTILINE))
    assert drawn - {"register_item"} | listed == set(acts.table())
    assert not drawn & listed


def test_each_state_is_drawn_or_named_as_not_reached() -> None:
    part = generated.states()
    drawn = re.findall(r" as (\w+)$", part, re.MULTILINE)
    absent = [] if part.endswith("none.") else re.findall(r"S\w+", part.rpartition("no act reaches: ")[2])
    assert sorted(drawn + absent) == sorted(codes.codes("state"))
