"""What a letter must not say: judged on its words and days, beyond the required parts (`models.letters.required`).

- Every claim of an answer is answered in words that say so; the way to review is that of the matter's regulation.
- Every article that the letter cites exists, in an instrument that counts for the matter (`resources/statutes.toml`).
  The petitioner's own words are not judged. In what is told as found or heard, an instrument that counted earlier may
  be named, one from the future may not.
- Nobody complained of is among those who get the letter or have it in hand (REG-2022 Arts 30, 46; SC-431 Art. 23).
- Days stand in their order, none of what is told as done lies in the future, and numbers of days agree.

Each finding is one sentence in both languages with its article. A finding keeps the letter from being issued.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from models import clocks
from models.letters.blocks import Letter, Paragraph, texts_of
from models.letters.citations import NUMBER, Citation, Statute, citations, is_order, number_of, statutes_named
from models.letters.compose import compose
from models.letters.facts import FACT_NAMES, LetterFacts, Particulars
from models.letters.kinds import LetterKind, family_of, kind_of
from models.letters.opinion import DECISIONS
from models.letters.wording import Wording

Finding = tuple[str, str, str]
"""Code, Chinese sentence, English sentence."""

_REMEDY_ARTICLE = {"2005": ("信访条例", 34), "2022": ("信访工作条例", 35)}
"""Where each regulation speaks of review: SC-431 Art. 34; REG-2022 Art. 35."""


def lint(kind: str, facts: LetterFacts, wording: Wording, *, accused: Sequence[str], on: date) -> list[Finding]:
    """Return what is wrong with a letter that has all its parts; nothing when it may be issued.

    Args:
        kind: Code of the kind.
        facts: What it will say.
        wording: How it will say it.
        accused: Names of the persons and units complained of in the matter.
        on: The day of looking: nothing told as done may lie after it.
    """
    known = kind_of(kind)
    found: list[Finding] = []
    for check in _CHECKS:
        found += check(known, facts, wording)
    found += _accused(known, facts, accused)
    found += _future(facts, on)
    return found


# --- claims and remedy


def _claims(kind: LetterKind, facts: LetterFacts, wording: Wording) -> list[Finding]:
    """Every claim is answered in words that say which answer it is (SC-431 Art. 32; REG-2022 Art. 32).

    That each has its decision, and grounds of its own where it is not supported, is a required part; support rests on
    the facts found and the basis of the whole answer, which are required too.
    """
    if not kind.answers:
        return []
    rule, english = _of(facts, *_CONTENTS), _of(facts, "SC-431 Art. 32", "REG-2022 Art. 32")
    words = {name: wording.text(family_of(facts.rules), name).strip() for name in DECISIONS}
    found: list[Finding] = []
    for place, claim in enumerate(facts.claims, 1):
        said = words.get(claim.decision)
        same = [name for name in DECISIONS if words[name] == said and name != claim.decision]
        if said == "" or (said and same):
            zh = f"诉求 {place} 的处理意见没有写出或者与另一种意见用语相同（{rule}）"
            found.append(
                (f"decision_{place}", zh, f"claim {place}: the words do not say which answer it is ({english})")
            )
    return found


_CONTENTS = ("《信访条例》第三十二条", "《信访工作条例》第三十二条")


def _remedy(kind: LetterKind, facts: LetterFacts, wording: Wording) -> list[Finding]:
    """Organ above, days of the rule set, article of the regulation (SC-431 Art. 34; REG-2022 Art. 35)."""
    if not kind.answers:
        return []
    article = _of(facts, "《信访条例》第三十四条", "《信访工作条例》第三十五条")
    english = _of(facts, "SC-431 Art. 34", "REG-2022 Art. 35")
    found: list[Finding] = []
    if facts.remedy_organ and facts.remedy_organ == facts.organ:
        zh = f"复查机关不得是作出处理意见的本机关，应为上一级机关（{article}）"
        found.append(("remedy_organ", zh, f"the organ of review is the one above, not the bureau itself ({english})"))
    days = _review_days(facts)
    if days and facts.remedy_days and facts.remedy_days != days:
        zh = f"申请复查的期限应为 {days} 日，文中为 {facts.remedy_days} 日（{article}）"
        found.append(
            ("remedy_days", zh, f"review is asked for within {days} days, not {facts.remedy_days} ({english})")
        )
    letter = compose(kind.code, facts, wording)
    said = "".join(block.text for block in letter.blocks if isinstance(block, Paragraph) and block.part == "remedy")
    for number in _days_said(said):
        if facts.remedy_days and number != facts.remedy_days:
            zh = f"救济途径中写有“{number}日内”，与申请复查的期限 {facts.remedy_days} 日不一致（{article}）"
            en = f"the remedy says {number} days where review is asked for within {facts.remedy_days} ({english})"
            found.append(("remedy", zh, en))
    title, right = _REMEDY_ARTICLE[family_of(facts.rules)]
    cited = [each for each in citations(said) if each.instrument == title]
    if cited and right not in [each.article for each in cited]:
        zh = f"救济途径引用《{title}》第{cited[0].words}条，应为{article}"
        found.append(("remedy", zh, f"the remedy cites Art. {cited[0].article}; review stands in {english}"))
    return found


def _review_days(facts: LetterFacts) -> int | None:
    """Return the length of the window C3 in the matter's rule set, days."""
    if facts.window_days is not None or facts.received_on is None:
        return facts.window_days
    return clocks.rule_set(facts.rules, facts.received_on).clock("C3").length


# --- articles

_PETITIONERS_WORDS = (
    "title", "statement", "facts", "reasons", "claim_text", "view", "record", "minutes", "ground_text", "problem",
    "dispute", "reason",
)  # fmt: skip
"""What others said, or what is told of it."""
_TOLD = (
    "findings", "hearing", "earlier_handling", "contact_result", "investigation", "facts_text", "handling_text",
    "opinion_text", "accepted_result", "failed_duty", "what",
)  # fmt: skip
"""What is told as found, heard or decided earlier, perhaps under earlier law."""
_LEFT_OUT = "（略）"


def _articles(kind: LetterKind, facts: LetterFacts, wording: Wording) -> list[Finding]:
    """Every cited article exists, in an instrument that counts for the matter (rule set of the day of receipt)."""
    letter = compose(kind.code, _without_others_words(facts), wording)
    found: dict[tuple[str, int], Finding] = {}
    for each in _cited_in(letter):
        found.setdefault((each.instrument, each.article), _judged(each, facts, Statute.counts))
    for name in _TOLD:
        for each in citations(str(facts.value(name) or "")):
            past: Callable[[Statute, LetterFacts], bool] = _counted_once
            found.setdefault((each.instrument, each.article), _judged(each, facts, past))
    return [
        (f"article_{place}", zh, en)
        for place, (_, zh, en) in enumerate((each for each in found.values() if each[0]), 1)
    ]


def _without_others_words(facts: LetterFacts) -> LetterFacts:
    """Return the facts with a mark in place of the words that are not judged, or not as the letter's own."""
    names = [name for name in (*_PETITIONERS_WORDS, *_TOLD) if facts.value(name)]
    blanks: dict[str, Any] = {name: _LEFT_OUT for name in names if name in FACT_NAMES}
    if facts.summary == facts.title:
        blanks["summary"] = _LEFT_OUT
    blanks["claims"] = tuple(replace(claim, request=_LEFT_OUT) for claim in facts.claims)
    blanks["rows"] = ()
    told = dict.fromkeys((name for name in names if name in facts.particulars), _LEFT_OUT)
    return replace(facts, particulars=Particulars({**facts.particulars, **told}), **blanks)


def _counted_once(statute: Statute, facts: LetterFacts) -> bool:
    return statute.began_before(facts.dated_on)


def _cited_in(letter: Letter) -> Iterator[Citation]:
    for text in texts_of(letter):
        yield from citations(text)


def _judged(each: Citation, facts: LetterFacts, fits: Callable[[Statute, LetterFacts], bool]) -> Finding:
    """Return the finding on a citation; its code is empty when nothing is wrong or nothing is known."""
    known = statutes_named(each.instrument)
    fitting = [statute for statute in known if fits(statute, facts)]
    name = each.instrument if is_order(each.instrument) else f"《{each.instrument}》"
    if known and not fitting:
        spans = "；".join(f"{statute.from_on or '？'} 至 {statute.to_on or '今'}" for statute in known)
        law = _of(facts, "《信访条例》", "《信访工作条例》")
        return (
            "article",
            f"文中引用{name}第{each.words}条，但该规定施行期间为 {spans}，不适用于 {facts.received_on} 收到的本事项"
            f"（本事项适用{law}）",
            f"{name} Art. {each.article} is cited, but it was in force {spans.replace('至', 'to').replace('今', 'now')}"
            f" and does not count for a matter received on {facts.received_on} ({facts.rules})",
        )
    sizes = [statute.articles for statute in fitting]
    if sizes and None not in sizes and not any(size and 1 <= each.article <= size for size in sizes):
        return (
            "article",
            f"文中引用{name}第{each.words}条，但该规定共 {sizes[-1]} 条，请核对条号",
            f"{name} Art. {each.article} is cited, but it has {sizes[-1]} articles: check the number",
        )
    return ("", "", "")


# --- who gets it

_REACHED = {
    "addressee": ("收件人", "addressee"),
    "copies": ("抄送", "copies"),
    "destination": ("去向单位", "destination"),
    "receiving_organ": ("接收单位", "receiving organ"),
    "unit_name": ("承办单位", "handling unit"),
    "officer": ("经办人", "officer"),
    "assisting": ("协办单位", "assisting units"),
    "department": ("责任部门", "responsible department"),
    "lead_officer": ("包案领导", "lead officer"),
}
_SERVED = {"server": ("送达人", "server"), "receiver": ("代收人", "substitute receiver")}
_UNIT_FROM = 3
"""Names from this length are found inside a longer one; two characters may be part of any other name."""
_AFTER_NAME = r"(?:同志|先生|女士|警官|民警|局长|所长|队长|主任|科长|收|$)"


def _accused(kind: LetterKind, facts: LetterFacts, accused: Sequence[str]) -> list[Finding]:
    """Nothing of a complaint goes to or through those complained of (REG-2022 Art. 30; SC-431 Art. 23)."""
    reached = [(name, words, str(facts.value(name) or "")) for name, words in _REACHED.items()]
    if kind.code == "recusal_decision":
        reached = [each for each in reached if each[0] != "officer"]  # the officer whom it keeps away
    if facts.service:
        reached += [(name, words, str(getattr(facts.service, name) or "")) for name, words in _SERVED.items()]
    article = _of(facts, "《信访条例》第二十三条", "《信访工作条例》第三十条")
    english = _of(facts, "SC-431 Art. 23", "REG-2022 Art. 30")
    return [
        (
            name,
            f"{zh}中有被反映的人员或者单位“{each}”，不得向其透露或者转交（{article}）",
            f"the {en} holds “{each}”, who is complained of: nothing of the matter goes to them ({english})",
        )
        for each in dict.fromkeys(part.strip() for part in accused if part.strip())
        for name, (zh, en), text in reached
        if _reaches(each, text)
    ]


def _reaches(accused: str, text: str) -> bool:
    if len(accused) >= _UNIT_FROM:
        return accused in text
    parts = re.split(r"[、，,；;\s（）()]", text)
    return any(re.search(rf"{re.escape(accused)}{_AFTER_NAME}", part) for part in parts)


# --- days

_DONE = {
    "received_on": ("收到日期", "day of receipt"),
    "transferred_on": ("转来日期", "day of the transfer to us"),
    "accepted_on": ("受理日期", "day of acceptance"),
    "handed_on": ("转送（交办）日期", "day of the hand-over"),
    "approved_on": ("批准日期", "day of approval"),
    "follow_on": ("回访日期", "day of the follow-up"),
    "dated_on": ("落款日期", "date of the letter"),
}
"""Days told as past, in the order in which they come; the first two may stand either way round."""
_AHEAD = {
    "limit_on": ("办理期限", "time limit"),
    "reply_due_on": ("答复期限", "day of the reply"),
    "new_due_on": ("延长后的期限届满日", "new last day"),
    "hearing_on": ("听证日期", "day of the hearing"),
}
_ONLY_ON = {"new_due_on": "extension_notice", "hearing_on": "hearing_notice"}
"""Days that only one kind tells of as coming; others repeat them."""
_ORDER_ARTICLE = ("《信访条例》第二十二条", "《信访工作条例》第二十三条")


def _days(kind: LetterKind, facts: LetterFacts, _wording: Wording) -> list[Finding]:
    """Nothing stands before the receipt or after the letter; limits lie ahead of it."""
    zh_rule, en_rule = _of(facts, *_ORDER_ARTICLE), _of(facts, "SC-431 Art. 22", "REG-2022 Art. 23")
    found: list[Finding] = []
    for name, (zh, en) in _DONE.items():
        day = _day(facts, name)
        if day is None or name in ("received_on", "dated_on"):
            continue
        if facts.received_on and day < facts.received_on:
            found.append(
                (
                    name,
                    f"{zh} {day} 早于收到日期 {facts.received_on}：一切办理都在收到之后（{zh_rule}）",
                    f"the {en}, {day}, is before the receipt on {facts.received_on}: all follows it ({en_rule})",
                )
            )
        elif facts.dated_on and day > facts.dated_on and name not in ("approved_on", "follow_on"):
            found.append(
                (
                    name,
                    f"{zh} {day} 晚于落款日期 {facts.dated_on}：文书只能写明已经发生的事（{zh_rule}）",
                    f"the {en}, {day}, is after the letter's {facts.dated_on}: it tells what has happened ({en_rule})",
                )
            )
    for name, (zh, en) in _AHEAD.items():
        day = _day(facts, name)
        if _ONLY_ON.get(name, kind.code) != kind.code:
            continue
        if day and facts.dated_on and day < facts.dated_on:
            found.append(
                (
                    name,
                    f"{zh} {day} 早于落款日期 {facts.dated_on}：期限自告知之后才起算（{zh_rule}）",
                    f"the {en}, {day}, is before the letter's {facts.dated_on}: time runs after it is told ({en_rule})",
                )
            )
    return found


def _day(facts: LetterFacts, name: str) -> date | None:
    """Return a stated day; particulars hold it in ISO form."""
    stated = facts.value(name)
    return date.fromisoformat(stated) if isinstance(stated, str) and stated else stated or None


def _future(facts: LetterFacts, on: date) -> list[Finding]:
    rule, english = _of(facts, *_ORDER_ARTICLE), _of(facts, "SC-431 Art. 22", "REG-2022 Art. 23")
    days = [(name, words, _day(facts, name)) for name, words in _DONE.items()]
    if facts.service:
        days.append(("served_on", ("收到送达文书的日期", "day of service"), facts.service.served_on))
    return [
        (name, f"{zh} {day} 在今天（{on}）之后（{rule}）", f"the {en}, {day}, lies after today, {on} ({english})")
        for name, (zh, en), day in days
        if day and day > on
    ]


# --- numbers of days

_NO_DATE = r"(?<!月)(?<!月.)"
"""3月12日 is a day, not a number of days."""
_DAYS = re.compile(rf"{_NO_DATE}({NUMBER})(?:个工作)?日(?:内|以内|之内)")
_TWICE = re.compile(
    rf"({NUMBER})[（(]({NUMBER})[)）](?=个?工?作?日|[）)]日)|{_NO_DATE}({NUMBER})日[（(]({NUMBER})日[)）]"
)


def _days_said(text: str) -> list[int]:
    return [number_of(each) for each in _DAYS.findall(text)]


def _numbers(kind: LetterKind, facts: LetterFacts, wording: Wording) -> list[Finding]:
    """A number of days written twice is the same twice, and last days lie as far off as the letter says."""
    found: list[Finding] = []
    rule, english = (
        _of(facts, "《信访条例》第三十三条", "《信访工作条例》第三十四条"),
        _of(facts, "SC-431 Art. 33", "REG-2022 Art. 34"),
    )
    for text in texts_of(compose(kind.code, facts, wording)):
        for groups in _TWICE.findall(text):
            one, other = (part for part in groups if part)
            if number_of(one) != number_of(other):
                zh = f"同一期限写成“{one}”又写成“{other}”，须一致（{rule}）"
                found.append(("days", zh, f"one time limit is written as {one} and as {other} days ({english})"))
    if kind.code == "acceptance_notice" and facts.accepted_on and facts.due_on and facts.limit_days:
        least = facts.accepted_on + timedelta(days=facts.limit_days)
        if facts.due_on < least:
            zh = f"期限届满日 {facts.due_on} 距受理不足 {facts.limit_days} 日，应不早于 {least}（{rule}）"
            en = f"the last day {facts.due_on} is less than {facts.limit_days} days off: not before {least} ({english})"
            found.append(("due_on", zh, en))
    if kind.code == "extension_notice" and facts.original_due_on and facts.new_due_on:
        old, new, more = facts.original_due_on, facts.new_due_on, facts.extended_days
        if not old <= new <= old + timedelta(days=more + _ROLLED):
            zh = f"原期限届满日 {old}，延长 {more} 日后不会是 {new}（{rule}）"
            found.append(("new_due_on", zh, f"{more} days more than {old} do not end on {new} ({english})"))
    return found


_ROLLED = 12
"""Most days by which a last day moves over a holiday: the longest in the calendars, with its weekends."""


def _of(facts: LetterFacts, old: str, new: str) -> str:
    return old if family_of(facts.rules) == "2005" else new


_CHECKS: tuple[Callable[[LetterKind, LetterFacts, Wording], list[Finding]], ...] = (
    _claims,
    _remedy,
    _articles,
    _days,
    _numbers,
)
