"""The campaign's own parts: mutants are small, whole and different; the list of equivalent ones is not stale."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from tests.campaigns.mutants import mutants_of
from tests.campaigns.mutation import GROUPS, gather, key, known, run

CODE = '''"""A docstring, 1."""
LIMIT = 30


def late(day: int, last: int, *, closed: bool = False) -> bool:
    """Tell 2."""
    if day > last and not closed:
        return True
    if day < 0:
        raise ValueError(f"{day + 1} is no day")
    return any(one == 3 for one in range(day) if one in (4, 5))
'''
DATA = """# length = 9
[accept]
zh = "受理"
roles = ["PU", "DL"]
from = ["S2"]
to = "S4"
events = [{ kind = "accepted" }, { kind = "noticed", days = "days" }]
inputs = [
  { name = "on", kind = "date" },
]
sets = { accepted_on = "=on", unit = "=unit" }
length = 15
unit = "C"
tracked = false
day = 2026-03-31
article = { zh = "第3条", en = "Art. 3" }
"""


def changes(folder: Path, name: str, text: str) -> set[tuple[str, str]]:
    (folder / name).write_text(text, "utf-8")
    return {(one.old, one.new) for one in mutants_of(folder, name)}


def test_code_is_changed_where_it_decides(tmp_path: Path) -> None:
    found = changes(tmp_path, "a.py", CODE)
    for expected in (
        ("30", "31"), ("False", "True"), ("True", "False"), ("day > last", "(day >= last)"),
        ("day > last and not closed", "(day > last or not closed)"), ("day > last and not closed", "(day > last)"),
        ("not closed", "(closed)"), ("any", "all"), ("one == 3", "(one != 3)"), ("one in (4, 5)", "True"),
        ("one in (4, 5)", "(one not in (4, 5))"), ("4", "5"),
        ('raise ValueError(f"{day + 1} is no day")', "pass"),
    ):  # fmt: skip
        assert expected in found, expected
    assert not [old for old, _ in found if "docstring" in old or "Tell" in old], "what only people read is left alone"
    assert ("1", "2") not in found, "a sentence is no rule"


def test_data_is_changed_where_it_decides(tmp_path: Path) -> None:
    found = changes(tmp_path, "a.toml", DATA)
    for expected in (
        ('["PU", "DL"]', '["DL"]'), ('["PU", "DL"]', '["PU", "DL", "REG"]'), ('["S2"]', "[]"), ('"S4"', '"S2"'),
        ("15", "16"), ('"C"', '"W"'), ("false", "true"), ("2026-03-31", "2026-04-01"),
        ('{ kind = "accepted" }, { kind = "noticed", days = "days" }', '{ kind = "accepted" }'),
        ('  { name = "on", kind = "date" },\n', ""),
        ('accepted_on = "=on", unit = "=unit"', 'accepted_on = "=on"'),
    ):  # fmt: skip
        assert expected in found, expected
    assert ("9", "10") not in found, "a comment says nothing"
    assert not [old for old, _ in found if "受理" in old or "第3条" in old]


@pytest.mark.parametrize("name", list(GROUPS))
def test_every_mutant_differs_and_keeps_the_rest_of_its_file(name: str) -> None:
    root = Path(__file__).parents[2]
    found = gather(GROUPS[name])
    assert len(found) > 1000
    assert len({(one.path, one.start, one.end, one.new) for one in found}) == len(found)
    for one in found[::23]:
        text = (root / one.path).read_text("utf-8")
        assert text[one.start : one.end] == one.old
        changed = one.applied(text)
        assert changed != text
        assert len(changed) == len(text) - len(one.old) + len(one.new)
        ast.parse(changed) if one.path.endswith(".py") else tomllib.loads(changed)
        assert one.said == text.splitlines()[one.line - 1].strip()


def test_the_list_of_equivalent_mutants_speaks_of_mutants_that_are() -> None:
    are = {key(one) for group in GROUPS.values() for one in gather(group)}
    listed = known()
    assert [entry for entry in listed if entry not in are] == []
    assert all(len(reason) > 20 for reason in listed.values())


def test_a_run_tells_passing_failing_and_endless_tests_apart(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n", "utf-8")
    for name, body, verdict in (
        ("good", "assert True", "survived"),
        ("bad", "assert False", "killed"),
        ("endless", "while True: pass", "timeout"),
    ):
        (tmp_path / f"test_{name}.py").write_text(f"def test_it():\n    {body}\n", "utf-8")
        assert run(tmp_path, (f"test_{name}.py",), (), 8.0) == verdict
    (tmp_path / "test_broken.py").write_text("import no_such_module_at_all\n", "utf-8")
    assert run(tmp_path, ("test_broken.py",), (), 60.0) == "unloadable"
