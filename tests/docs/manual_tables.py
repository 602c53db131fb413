"""Tables of the manual that are made from the code: clocks, states, acts by room, and documents by chapter.

`tests.docs.generated` writes them into `resources/manual/zh.md` and `en.md`. What the code does not know of a document
(who signs it, where its contents come from) stands in `documents.toml` beside this room. A cell holds plain text and
pictures only: the window's reader of Markdown knows no line break in a cell.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from models import acts, clocks, codes
from models.errors import Language
from models.letters import kind_of, wording
from models.letters.required import required_of, words_of

ROOT = Path(__file__).resolve().parents[2]
PICTURES = "img/documents"
PAGE_WIDTH = 420
"""Pixels of one page of a picture."""
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_DAYS = (date(2026, 1, 5), date(2021, 1, 4))
"""A day of receipt under each regulation; the later one in the last year that has every track."""
_OPEN = {"zh": "未办结的各状态", "en": "every state before the end"}
_LEAVES = ("每件材料的题名、页号和摘要值", "title, pages and hash of each paper")
_STAYS = {"zh": "不变", "en": "stays"}


def told() -> dict[str, Any]:
    """Return what the manual says of documents beside what the code knows."""
    found: dict[str, Any] = tomllib.loads((Path(__file__).parent / "documents.toml").read_text("utf-8"))
    return found


def groups() -> dict[str, dict[str, Any]]:
    """Return the chapters of documents: name -> words and kinds."""
    found: dict[str, dict[str, Any]] = told()["group"]
    return found


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table in Markdown."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(_cell(one) for one in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ") or "—"


def clock_table(language: Language, regulation: int) -> str:
    """Return the clocks that count for what is received today (0), or was under the regulation of 2005 (1)."""
    rules = clocks.rules_for(_DAYS[regulation])
    heads = {
        "zh": ("期限", "起算", "长度", "终止", "条文"),
        "en": ("Clock", "Starts with", "Length", "Ends with", "Article"),
    }
    rows = [
        (
            f"{_said(clock.name, language)}（{clock.id}）"
            if language == "zh"
            else f"{_said(clock.name, language)} ({clock.id})",
            _said(clock.start_text, language),
            _length(clock, language, regulation),
            _said(clock.ends_text, language),
            _said(clock.article, language),
        )
        for clock in rules.clocks
        if clock.tracked
    ]
    return table(heads[language], rows)


def _said(message: Any, language: Language) -> str:
    return str(message.zh if language == "zh" else message.en)


def _length(clock: Any, language: Language, regulation: int) -> str:
    at_once = {"zh": ("及时", "立即"), "en": ("in time, without delay", "at once")}[language][regulation]
    words = {
        "zh": {"C": "{} 日", "W": "{} 个工作日", "as_set": "按确定的日期", "none": "无"},
        "en": {"C": "{} days", "W": "{} working days", "as_set": "as set", "none": "none"},
    }
    said = at_once if clock.unit == "at_once" else words[language][clock.unit].format(clock.length)
    if clock.unit == "as_set" and clock.length:
        said += {"zh": "，不少于 {} 日", "en": ", {} days or more"}[language].format(clock.length)
    if not clock.at_once_first:
        return said
    return f"当场，至迟 {said}" if language == "zh" else f"on the spot, else {said}"


def state_table(language: Language) -> str:
    """Return the states of a matter, each with the acts that lead on and to where."""
    heads = {"zh": ("状态", "哪些步骤使其前进"), "en": ("State", "What leads on")}
    rows = []
    for code in codes.codes("state"):
        steps = []
        for rule in acts.table().values():
            named = code in rule.sources or ("open" in rule.sources and code not in acts.ENDED)
            targets = [target for target in rule.targets if target != code]
            if named and targets:
                steps.append(f"{rule.word(language)} → {'/'.join(targets)}")
            elif code == acts.SUPERVISED and rule.leaves == code:
                steps.append(rule.word(language))
        if code == acts.SUPERVISED:
            beside = {"zh": "与其他状态并存；", "en": "Stands beside the others; "}[language]
            steps[0] = beside + steps[0]
        rows.append((f"{code} {codes.word('state', code, language)}", _listed(steps, language, "；", "; ")))
    return table(heads[language], rows)


def _listed(parts: list[str], language: Language, zh: str = "、", en: str = ", ") -> str:
    return (zh if language == "zh" else en).join(parts)


_ROOMS: dict[str, tuple[str, str]] = {
    "screening": ("甄别和第一次答复", "Screening and the first answer"),
    "handling": ("办理", "Handling"),
    "hearing_settlement": ("听证、调解与和解", "Hearing, mediation and settlement"),
    "reception": ("领导接访和交办要求", "Receptions by leaders and their instructions"),
    "opinion": ("处理意见", "The opinion"),
    "service": ("送达", "Service"),
    "review": ("复查、复核和重新办理", "Review, re-review and handling anew"),
    "supervision": ("督办和重大紧急事项", "Supervision and major matters"),
    "key_cases": ("重点信访案件", "Key cases"),
    "people": ("人员和重复信访", "People and repeats"),
    "after": ("答复之后", "After the answer"),
    "correction": ("更正", "Correction"),
}
"""Rooms of the table of acts, as the manual heads them."""


def act_tables(language: Language) -> str:
    """Return every act by room: who, when open, where it leads, its papers and its article."""
    heads = {
        "zh": ("步骤", "谁办", "何时可办 → 办后", "文书和材料", "条文"),
        "en": ("Step", "Who", "Open in → leads to", "Papers", "Article"),
    }
    at = 0 if language == "zh" else 1
    parts = []
    for room, words in _ROOMS.items():
        rules = [rule for rule in acts.table().values() if rule.room == room]
        rows = [
            (
                f"{rule.word(language)} `{rule.name}`",
                _roles(rule, language),
                f"{_from(rule, language)} → {_to(rule, language)}",
                _papers(rule, language),
                rule.article_zh if language == "zh" else rule.article_en,
            )
            for rule in rules
        ]
        parts.append(f"### {words[at]}\n\n{table(heads[language], rows)}")
    return "\n\n".join(parts)


def rooms() -> set[str]:
    """Return the rooms that have a heading."""
    return set(_ROOMS)


def _roles(rule: acts.Rule, language: Language) -> str:
    order = [code for code in codes.codes("role") if code in rule.roles]
    every = {code for one in acts.table().values() for code in one.roles}
    if set(order) == every:
        return {"zh": "各岗位", "en": "every role"}[language]
    return _listed([codes.word("role", code, language) for code in order], language)


def _from(rule: acts.Rule, language: Language) -> str:
    named = [source for source in rule.sources if source != "open"]
    return _listed(([_OPEN[language]] if "open" in rule.sources else []) + named, language)


def _to(rule: acts.Rule, language: Language) -> str:
    beside = [f"+{rule.enters}"] if rule.enters else [f"-{rule.leaves}"] if rule.leaves else []
    return "/".join([*rule.targets, *beside]) or _STAYS[language]


def _papers(rule: acts.Rule, language: Language) -> str:
    chosen = {"zh": "（视情）", "en": " (if chosen)"}[language]
    kinds = dict.fromkeys([*rule.documents, *([rule.document_2005] if rule.document_2005 else [])])
    out = [_kind(kind, language) + (chosen if kind in rule.when else "") for kind in kinds]
    taken = [codes.word("paper", code, language) for code in rule.papers]
    said = [_listed(out, language)] if out else []
    if taken:
        said.append({"zh": "收：", "en": "in: "}[language] + _listed(taken, language))
    return _listed(said, language, "；", "; ")


def _kind(code: str, language: Language) -> str:
    kind = kind_of(code)
    return kind.name_zh if language == "zh" else kind.name_en


@cache
def _issued_by() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for rule in acts.table().values():
        for kind in dict.fromkeys([*rule.documents, *([rule.document_2005] if rule.document_2005 else [])]):
            found.setdefault(kind, []).append(rule.name)
    return found


def documents(language: Language, group: str) -> str:
    """Return the pictures of a chapter's kinds, two pages beside each other, and what each must say."""
    kinds: list[str] = groups()[group]["kinds"]
    parts = []
    for pair in _pairs(kinds):
        names = tuple(_kind(kind, language) for kind in pair)
        parts.append(table(names, [tuple(f"![{_kind(kind, language)}]({PICTURES}/{kind}.png)" for kind in pair)]))
    heads = {
        "zh": ("文书", "何时出具", "文号和签名", "必备内容", "条文"),
        "en": ("Document", "Goes out", "Number and signature", "Must say", "Article"),
    }
    return "\n\n".join([*parts, table(heads[language], [document_row(kind, language) for kind in kinds])])


def _pairs(kinds: list[str]) -> list[list[str]]:
    """Return kinds as they stand beside each other: two of one page, or one of two pages."""
    found: list[list[str]] = []
    half: list[str] = []
    for kind in kinds:
        with Image.open(ROOT / "resources/manual" / PICTURES / f"{kind}.png") as picture:
            whole = picture.width > PAGE_WIDTH
        if whole:
            found.append([kind])
        elif half:
            half.append(kind)
            half = []
        else:
            half = [kind]
            found.append(half)
    return found


def document_row(kind: str, language: Language) -> tuple[str, ...]:
    """Return the row of a kind: name, when it goes out, number and signature, what it must say, article."""
    known, own = kind_of(kind), told()[kind]
    series = {"zh": f"有文号，“{known.series_word}”字", "en": f"Numbered, series {known.series_word}"}[language]
    unnumbered = {"zh": "无文号", "en": "Unnumbered"}[language]
    sign = told()["sign"][own["sign"]] if isinstance(own["sign"], str) else own["sign"]
    return (
        _kind(kind, language),
        _when(kind, own, language),
        (series if known.series_word else unnumbered) + {"zh": "；", "en": ". "}[language] + sign[language],
        _must(kind, language),
        own["article"][language],
    )


def _when(kind: str, own: dict[str, Any], language: Language) -> str:
    if kind not in _issued_by():
        return str(own["when"][language])
    names = [acts.table()[name].word(language) for name in _issued_by()[kind]]
    listed = _listed([f"“{name}”" for name in names], language)
    if all(kind in acts.table()[name].when for name in _issued_by()[kind]):
        listed += {"zh": "，视情", "en": ", if chosen"}[language]
    return listed


def _must(kind: str, language: Language) -> str:
    at = 0 if language == "zh" else 1
    named = [_LEAVES if name == "rows" else words_of(wording(kind), name) for name in required_of(kind)]
    return _listed(list(dict.fromkeys(words[at] for words in named)), language)


def parts() -> dict[str, Any]:
    """Return the parts of the manual: their names, each with its document and its maker."""
    found: dict[str, Any] = {}
    for language in LANGUAGES:
        document = f"resources/manual/{language}.md"

        def add(name: str, make: Any, language: Language = language, document: str = document) -> None:
            found[f"{name}, {language}"] = (document, make)

        add("resources/rules of today", lambda language=language: clock_table(language, 0))
        add("resources/rules of 2005", lambda language=language: clock_table(language, 1))
        add("states", lambda language=language: state_table(language))
        add("resources/acts", lambda language=language: act_tables(language))
        for group in groups():
            add(f"resources/letters {group}", lambda language=language, group=group: documents(language, group))
    return found
