"""All words in both languages, none in the code."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ui import words
from ui.keys import ACTIONS

UI = Path(__file__).parents[2] / "ui"
CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
TAKES_WORDS = {
    "label",
    "button",
    "notice",
    "empty",
    "chip",
    "icon_button",
    "Field",
    "setText",
    "setToolTip",
    "setPlaceholderText",
    "setAccessibleName",
    "setWindowTitle",
    "setAccessibleDescription",
    "QCheckBox",
    "QPushButton",
    "addAction",
    "section",
    "block",
}


@pytest.fixture(autouse=True)
def chinese():
    yield
    words.use("zh")


def test_both_languages_have_the_same_keys_and_the_same_parts():
    zh, en = words.table("zh"), words.table("en")
    assert zh.keys() == en.keys()

    def parts(text):
        return {name for _words, name, _form, _conversion in string.Formatter().parse(text) if name}

    assert [key for key in zh if parts(zh[key]) != parts(en[key])] == []


def test_no_word_is_empty_and_english_has_no_chinese():
    assert [key for key, text in words.table("zh").items() if not text.strip()] == []
    assert [key for key, text in words.table("en").items() if not text.strip() or CHINESE.search(text)] == []


def modules():
    return sorted(UI.rglob("*.py"))


def test_every_key_used_in_the_code_exists():
    known = words.table("zh")
    missing = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t" and node.args:
                key = node.args[0]
                if isinstance(key, ast.Constant) and key.value not in known:
                    missing.append((path.name, key.value))
    assert missing == []


def test_keys_made_from_data_exist():
    known = words.table("zh")
    wanted = [f"keys.{action.name}" for action in ACTIONS] + [f"scope.{action.scope}" for action in ACTIONS]
    wanted += [f"today.{name}" for name in ("late", "today", "week", "later", "unknown")]
    wanted += [f"clock.{name}" for name in ("open", "met", "late", "met_late", "passed", "exempt")]
    wanted += [f"hint.reason_{name}" for name in ("id_number", "id_15", "phone", "name", "homophone", "text")]
    assert [key for key in wanted if key not in known] == []


def test_no_words_are_written_into_the_code():
    """Docstrings and bilingual errors aside, no Chinese stands in ui/, and no widget is given literal words."""
    found = []
    for path in modules():
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        }
        bilingual = [
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "BugError"
            for inner in ast.walk(node)
        ]
        attribute_docs = [
            node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ]
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node not in attribute_docs
                and node.value not in docstrings
            ):
                pattern = path.name == "fields.py" and "\\s" in node.value
                if CHINESE.search(node.value) and node not in bilingual and not pattern:
                    found.append((path.name, node.lineno, node.value))
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                first = node.args[0] if node.args else None
                literal = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
                if name in TAKES_WORDS and re.search(r"[A-Za-z]{2}", literal) and not literal.startswith("Ctrl+"):
                    found.append((path.name, node.lineno, literal))
    assert found == []


def test_the_files_are_plain_tables_of_words():
    for language in words.LANGUAGES:
        raw = tomllib.loads((UI.parent / "resources" / "i18n" / f"{language}.toml").read_text("utf-8"))
        read = {f"{room}.{key}": text for room, entries in raw.items() for key, text in entries.items()}
        assert words.table(language) == read
        assert all(isinstance(text, str) for text in read.values())


@pytest.mark.parametrize(
    ("count", "zh", "en"),
    [
        (3, "还有 3 天", "3 days left"),
        (1, "还有 1 天", "1 day left"),
        (0, "今天到期", "due today"),
        (-1, "已超 1 天", "1 day late"),
        (-2, "已超 2 天", "2 days late"),
    ],
)
def test_days_left(count, zh, en):
    words.use("zh")
    assert words.days_left(count) == zh
    words.use("en")
    assert words.days_left(count) == en


def test_days_and_ages_are_told_in_whole_units():
    words.use("en")
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    ages = [words.age(now - timedelta(seconds=seconds), now) for seconds in (5, 180, 7_200, 200_000)]
    assert ages == ["just now", "3 min ago", "2 h ago", "2 d ago"]
    assert words.day(date(2026, 3, 2)) == "2026-03-02"
    assert words.size(2_621_440) == "2.5 MB"
