"""The command line's corrections: `show --history`, `act reverse`, `act amend`, `act cancel_item`."""

from __future__ import annotations

from functools import partial

import pytest

from tests.app.conftest import Run, told

VISIT = ("add", "--text", "路在何方", "--name", "王小明", "--phone", "19900001234", "--json")


@pytest.fixture
def run(run: Run) -> Run:
    return partial(run, language="zh")


def test_an_act_is_reversed_and_the_history_says_so(run: Run) -> None:
    matter = str(told(run(*VISIT))["id"])
    entry = told(run("act", matter, "screen", "category=claim", "exit=6", "--json"))["entry"]
    done = told(run("act", matter, "reverse", f"entry=1-{entry}", "reason=选错途径", "--json"))
    assert done["state"] == "S1"
    lines = told(run("show", matter, "--history", "--of", f"matter:{matter}:state", "--json"))["history"]
    assert [(line["after_text"], line["act"], line["reversed"]) for line in lines] == [
        ("已登记", "reverse", ""), ("已甄别", "screen", "选错途径"), ("已登记", "register_item", ""),
    ]  # fmt: skip
    said = run("show", matter, "--history").stdout
    assert f"[1-{entry}]" in said
    assert "选错途径" in said
    story = told(run("show", matter, "--json"))["story"]
    assert next(line for line in story if line["entry"] == f"1-{entry}")["reversed"] == "选错途径"
    again = run("act", matter, "reverse", f"entry=1-{entry}", "reason=再来")
    assert again.exit_code == 1
    assert "撤销" in again.stderr


def test_a_telephone_is_put_right(run: Run) -> None:
    matter = str(told(run(*VISIT))["id"])
    person = told(run("show", matter, "--json"))["people"][0]["id"]
    told(
        run(
            "act",
            matter,
            "amend",
            f"row=person:{person}",
            "column=phone",
            "value=13900002222",
            "reason=来电更正",
            "--json",
        )
    )
    assert told(run("show", matter, "--json"))["people"][0]["phone"] == "13900002222"
    newest = told(run("show", matter, "--history", "--of", f"person:{person}:phone", "--json"))["history"][0]
    assert (newest["before"], newest["after"], newest["why"]) == ("19900001234", "13900002222", "来电更正")
    assert run("show", matter, "--history", "--of", "person:甲").exit_code == 1


def test_a_registration_is_cancelled(run: Run) -> None:
    made = told(run(*VISIT))
    done = told(run("act", str(made["id"]), "cancel_item", f"item={made['item_number']}", "reason=重复登记", "--json"))
    assert done["state"] == "S13"
    assert run("verify").exit_code == 0
