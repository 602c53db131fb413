"""Before anyone says "no longer accepted", "already in hand" or "too late": the checks, and the two matters compared.

- *no longer accepted* (不再受理): the re-review of the matter was decided and upheld, and the same person raises it
  again on the same facts and reasons (REG-2022 Art. 36; SC-431 Art. 35); or a law-and-litigation matter was lawfully
  ended. The opinion itself must be in the file. The two matters are laid side by side; whether facts and reasons are
  the same is for the officer, who says so in writing.
- *already in hand* (too early above): the matter is in time with its handler and was brought to the organ above
  (REG-2022 Art. 19; SC-431 Art. 16).
- *window passed*: review was not asked for in time without good cause; a ground under two local regulations only
  (Beijing Art. 37, Shandong Art. 33).

Who is the same person, `models.earlier` says. Only matters that the person asking sees in full are ever looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from models import earlier, errors, sight
from models.comparison import Comparison, compare
from models.errors import Message
from models.records import Staff

if TYPE_CHECKING:
    from models.register import Register

WINDOW_OVERLAYS = {
    "LOCAL-beijing": Message("《北京市信访条例》第三十七条", "Beijing Reg. Art. 37"),
    "LOCAL-shandong": Message("《山东省信访条例》第三十三条", "Shandong Reg. Art. 33"),
}
"""Overlays under which a review window that passed without good cause is a ground of non-acceptance."""

_PAPERS = {
    "rereview_opinion": Message("复核意见书", "re-review opinion"),
    "conclusion": Message("终结文书", "conclusion"),
}
_ABOVE = ("national", "province_petition", "city_petition", "ministry", "provincial_police", "city_police")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: whether it holds, the sentence that says so, and its article."""

    code: str
    ok: bool
    reason: Message
    article: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier matter beside the new one.

    Attributes:
        ground: `rereviewed` or `litigation_ended`: what ended it; '' when nothing did.
        findings: The checks, in the order in which they are read.
        comparison: The two texts side by side.
    """

    matter: int
    number: str
    title: str
    received_on: date
    ground: str
    findings: tuple[Finding, ...]
    comparison: Comparison

    @property
    def qualifies(self) -> bool:
        """Whether every check but the officer's own reading holds."""
        return all(one.ok for one in self.findings if one.code != "same_facts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhausted:
    """The aid for one matter: `ok` only when an earlier matter qualifies."""

    matter: int
    ok: bool
    findings: tuple[Finding, ...]
    earlier: tuple[Earlier, ...]


def exhausted(register: Register, matter: int, by: Staff, named: int | None = None) -> Exhausted:
    """Return whether an earlier matter lets this one be told "no longer accepted", with every check.

    Args:
        register: The open register.
        matter: The new matter.
        by: Who asks; earlier matters that this person does not see in full are not looked at.
        named: An earlier matter that the officer names.

    Raises:
        InputError, NotAllowedError: `matter` or `named` is not for this person.
    """
    row = sight.matter_for(register, matter, by)
    if named is not None:
        sight.matter_for(register, named, by)
    article = article_of(row["rules"])
    found = [
        _beside(register, row, one, article)
        for one in earlier.of_same_person(register, row, by, named=named, ended_only=True)
    ]
    qualifying = [one for one in found if one.qualifies]
    if qualifying:
        numbers = "、".join(one.number for one in qualifying)
        total = Finding(
            code="earlier",
            ok=True,
            reason=Message(
                f"有已终结的同一人的事项：{numbers}。是否属于同一事实和理由，由办理人对照后判断。",
                f"The same person's matter has ended: {numbers}. Whether facts and reasons are the same, the officer"
                " decides after comparing.",
            ),
            article=article,
        )
    else:
        total = Finding(code="earlier", ok=False, reason=_none_ended(found), article=article)
    return Exhausted(matter=matter, ok=bool(qualifying), findings=(total,), earlier=tuple(found))


def require(register: Register, matter: int, before: int | None, compared: object, by: Staff) -> Earlier:
    """Return the earlier matter on which a matter is no longer accepted, or refuse with the first check that fails.

    Args:
        register: The open register.
        matter: The new matter.
        before: The earlier matter that the officer names.
        compared: What the officer found on comparing (words, or a flag): empty means not compared.
        by: Who does it.

    Raises:
        MissingPartError: No earlier matter is named, or the two were not compared.
        RuleError: The earlier matter did not end, its opinion is not in the file, or it is another person's.
        InputError, NotAllowedError: A matter that is not for this person.
    """
    article = article_of(sight.matter_for(register, matter, by)["rules"])
    if before is None:
        raise errors.MissingPartError(
            ("earlier",),
            f"不再受理须写明已经复核终结的原事项（{article.zh}）。",
            f"Name the earlier matter whose re-review was decided ({article.en}).",
        )
    if before == matter:
        raise errors.RuleError(
            f"原事项不能是本事项自己：请写明已经复核终结的事项（{article.zh}）。",
            f"A matter is not its own earlier matter: name the one that ended ({article.en}).",
        )
    found = next(one for one in exhausted(register, matter, by, before).earlier if one.matter == before)
    failed = next((one for one in found.findings if not one.ok and one.code != "same_facts"), None)
    if failed is not None:
        raise errors.RuleError(
            f"不能不再受理：{failed.reason.zh.rstrip('。')}（{failed.article.zh}）。",
            f"It cannot be told “no longer accepted”: {failed.reason.en.rstrip('.')} ({failed.article.en}).",
        )
    if not compared or (isinstance(compared, str) and not compared.strip()):
        raise errors.MissingPartError(
            ("compared",),
            f"须先对照两个事项的事实和理由并写明结果：新增 {len(found.comparison.new)} 句（{article.zh}）。",
            f"Compare facts and reasons first and write down what you found: {len(found.comparison.new)} sentences are"
            f" new ({article.en}).",
        )
    return found


def article_of(rules: str) -> Message:
    """Return the article on matters whose re-review is done, by the matter's rule set."""
    if rules.startswith("SC-"):
        return Message("《信访条例》第三十五条", "SC-431 Art. 35")
    return Message("《信访工作条例》第三十六条", "REG-2022 Art. 36")


def _none_ended(found: list[Earlier]) -> Message:
    if not found:
        return Message(
            "没有查到同一信访人已经复核终结的事项，应当受理或者告知途径。",
            "No matter of the same person is found whose re-review was decided: accept it or tell its route.",
        )
    return Message(
        "查到的原事项都没有依法终结，应当受理或者告知途径。",
        "None of the earlier matters found was lawfully ended: accept it or tell its route.",
    )


# --- the earlier matter


def _beside(register: Register, row: dict[str, Any], found: earlier.Found, article: Message) -> Earlier:
    before = register.record("matter", found.matter)
    assert before is not None  # noqa: S101  found by a query of the same connection
    comparison = compare(register, row["id"], found.matter)
    ground, ended = _ended(register, row, before, article)
    return Earlier(
        matter=found.matter,
        number=before["number"],
        title=before["title"],
        received_on=date.fromisoformat(before["received_on"]),
        ground=ground,
        findings=(_person_finding(found), *ended, _facts_finding(comparison, article)),
        comparison=comparison,
    )


def _person_finding(found: earlier.Found) -> Finding:
    zh, en = "、".join(one.zh for one in found.reasons), ", ".join(one.en for one in found.reasons)
    return Finding(
        code="same_person",
        ok=found.same,
        reason=Message(f"同一信访人：{zh}。", f"Same person: {en}.")
        if found.same
        else Message(f"不能认定为同一信访人：{zh}。", f"Not shown to be the same person: {en}."),
        article=Message("重复信访件办理规则", "Working rule on repeat items"),
    )


def _ended(
    register: Register, row: dict[str, Any], before: dict[str, Any], article: Message
) -> tuple[str, tuple[Finding, ...]]:
    """Return what ended the earlier matter, and the findings about it."""
    review = register.row(
        "SELECT organ, decided_on, result, opinion FROM review WHERE matter=? AND level='rereview' AND removed IS NULL"
        " AND decided_on IS NOT NULL ORDER BY decided_on DESC, id DESC LIMIT 1",
        (before["id"],),
    )
    if review is None and before["litigation"]:
        return "litigation_ended", _litigation_findings(register, row, before)
    if review is None:
        reason = Message(
            f"{before['number']}没有作出复核意见，三级程序没有走完。",
            f"{before['number']} has no re-review opinion: the three levels are not done.",
        )
        return "", (Finding(code="rereview", ok=False, reason=reason, article=article),)
    organ, decided_on, result, opinion = review
    upheld = result == "upheld"
    event = register.row(
        "SELECT 1 FROM event WHERE matter=? AND kind='rereview_decided' AND withdrawn IS NULL LIMIT 1", (before["id"],)
    )
    findings = [
        Finding(
            code="rereview",
            ok=upheld and event is not None,
            reason=Message(
                f"{organ}于{decided_on}作出复核意见，结论为维持。",
                f"{organ} decided the re-review on {decided_on} and upheld it.",
            )
            if upheld and event is not None
            else Message(
                f"{organ}于{decided_on}作出的复核意见没有维持原意见，不是终结。",
                f"The re-review by {organ} of {decided_on} did not uphold: it is no end.",
            ),
            article=article,
        ),
        _before_finding(row, decided_on, article),
        _paper_finding(register, before, "rereview_opinion", opinion, article),
    ]
    return "rereviewed", tuple(findings)


def _litigation_findings(register: Register, row: dict[str, Any], before: dict[str, Any]) -> tuple[Finding, ...]:
    article = Message("涉法涉诉信访依法终结的规定", "National practice on law-and-litigation matters")
    closed = before["closed_on"]
    reason = (
        Message(f"涉法涉诉事项已于{closed}依法终结。", f"The law-and-litigation matter was lawfully ended on {closed}.")
        if closed
        else Message("涉法涉诉事项尚未依法终结。", "The law-and-litigation matter is not lawfully ended.")
    )
    findings = [Finding(code="litigation", ok=bool(closed), reason=reason, article=article)]
    if closed:
        findings.append(_before_finding(row, closed, article))
    return (*findings, _paper_finding(register, before, "conclusion", None, article))


def _before_finding(row: dict[str, Any], ended_on: str, article: Message) -> Finding:
    in_order = ended_on <= row["received_on"]
    return Finding(
        code="before",
        ok=in_order,
        reason=Message(
            f"终结（{ended_on}）在本事项收到（{row['received_on']}）之前。",
            f"It ended on {ended_on}, before this matter was received ({row['received_on']}).",
        )
        if in_order
        else Message(
            f"终结（{ended_on}）在本事项收到（{row['received_on']}）之后：提出时程序尚未走完。",
            f"It ended on {ended_on}, after this matter was received ({row['received_on']}): the levels were not done.",
        ),
        article=article,
    )


def _paper_finding(
    register: Register, before: dict[str, Any], kind: str, opinion: int | None, article: Message
) -> Finding:
    found = register.row(
        "SELECT id FROM document WHERE matter=? AND state='incoming' AND (kind=? OR id=?) LIMIT 1",
        (before["id"], kind, opinion),
    )
    word = _PAPERS[kind]
    return Finding(
        code="paper",
        ok=found is not None,
        reason=Message(f"{word.zh}在卷。", f"The {word.en} is in the file.")
        if found
        else Message(
            f"{before['number']}的案卷中没有{word.zh}：请先登记该文书，不能凭记忆不再受理。",
            f"The {word.en} is not in the file of {before['number']}: record it first; nobody refuses from memory.",
        ),
        article=article,
    )


def _facts_finding(comparison: Comparison, article: Message) -> Finding:
    new = len(comparison.new)
    claims = sum(one.part == "claim" for one in comparison.new)
    if not new:
        reason = Message(
            "对照后没有新的句子；是否属于同一事实和理由，由办理人判断。",
            "No sentence is new; whether facts and reasons are the same, the officer decides.",
        )
    else:
        reason = Message(
            f"有 {new} 句是原事项没有的（其中诉求 {claims} 句）：请逐句阅读。有新的事实或者理由的，应当受理。",
            f"{new} sentences are new ({claims} of them requests): read each. New facts or reasons are accepted.",
        )
    return Finding(code="same_facts", ok=not new, reason=reason, article=article)


# --- already in hand; window passed


def too_early_above(register: Register, matter: int, by: Staff, on: date) -> tuple[Finding, ...]:
    """Return, for each earlier matter of the same person that is in hand, whether "already in hand" is a ground.

    Args:
        register: The open register.
        matter: The matter that was brought to the organ above.
        by: Who asks.
        on: The day.

    Raises:
        InputError, NotAllowedError: `matter` is not for this person.
    """
    row = sight.matter_for(register, matter, by)
    article = (
        Message("《信访条例》第十六条", "SC-431 Art. 16")
        if row["rules"].startswith("SC-")
        else Message("《信访工作条例》第十九条", "REG-2022 Art. 19")
    )
    above = register.row(
        f"SELECT source FROM item WHERE matter=? AND cancelled IS NULL AND source IN ({','.join('?' * len(_ABOVE))})"
        " AND transferred_on IS NOT NULL LIMIT 1",
        (matter, *_ABOVE),
    )
    if above is None:
        reason = Message(
            "本事项不是向上级机关提出的：直接向本局提出的重复信访，并入原事项并告知正在办理。",
            "It was not brought to an organ above: what is raised here again joins the earlier matter and is told so.",
        )
        return (Finding(code="in_time_above", ok=False, reason=reason, article=article),)
    found = [
        _in_hand(register, one.matter, article, on) for one in earlier.of_same_person(register, row, by) if one.same
    ]
    if found:
        return tuple(found)
    reason = Message("没有查到同一信访人正在办理的事项。", "No matter of the same person is found in hand.")
    return (Finding(code="in_time_above", ok=False, reason=reason, article=article),)


def _in_hand(register: Register, before: int, article: Message, on: date) -> Finding:
    from models import matters

    row = register.record("matter", before)
    assert row is not None  # noqa: S101  found by a query of the same connection
    states = matters.clock_states(register, before, row, on)
    running = [one for one in states if one.clock == "C2" and one.running and not one.provisional]
    late = [one for one in running if one.status == "late"]
    if not running:
        reason = Message(f"{row['number']}没有正在计算的办理期限。", f"{row['number']} has no running time limit.")
    elif late:
        reason = Message(
            f"{row['number']}的办理期限已过，不能以正在办理为由不予受理。",
            f"The time limit of {row['number']} has passed: being in hand is no ground.",
        )
    else:
        last = running[0].due.last_on if running[0].due else "—"
        reason = Message(
            f"{row['number']}正在规定期限内办理（到{last}）。", f"{row['number']} is in hand and in time (to {last})."
        )
    return Finding(code="in_time_above", ok=bool(running) and not late, reason=reason, article=article)


def window_passed(register: Register, matter: int, by: Staff, on: date) -> tuple[Finding, ...]:
    """Return, for each earlier matter of the same person, whether its review window passed unused.

    A ground under the regulations of Beijing (Art. 37) and Shandong (Art. 33) only: elsewhere the one finding says so.

    Raises:
        InputError, NotAllowedError: `matter` is not for this person.
    """
    row = sight.matter_for(register, matter, by)
    article = next((article for overlay, article in WINDOW_OVERLAYS.items() if overlay in row["rules"]), None)
    if article is None:
        return (
            Finding(
                code="window_passed",
                ok=False,
                reason=Message(
                    "逾期未申请复查只在北京、山东的地方信访条例中是不予受理的理由，本事项不适用。",
                    "A review window that passed is a ground in Beijing and Shandong only, not here.",
                ),
                article=Message(
                    "《北京市信访条例》第三十七条；《山东省信访条例》第三十三条", "Beijing Art. 37; Shandong Art. 33"
                ),
            ),
        )
    found = [
        _window(register, one.matter, row["received_on"], article, on)
        for one in earlier.of_same_person(register, row, by)
        if one.same
    ]
    nothing = Message("没有查到同一信访人的原事项。", "No earlier matter of the same person is found.")
    return tuple(found) or (Finding(code="window_passed", ok=False, reason=nothing, article=article),)


def _window(register: Register, before: int, received_on: str, article: Message, on: date) -> Finding:
    from models import matters

    row = register.record("matter", before)
    assert row is not None  # noqa: S101  found by a query of the same connection
    asked = register.row("SELECT 1 FROM review WHERE matter=? AND removed IS NULL LIMIT 1", (before,))
    windows = [one for one in matters.clock_states(register, before, row, on) if one.clock == "C3" and one.due]
    last = max((one.due.last_on for one in windows if one.due), default=None)
    passed = asked is None and last is not None and last.isoformat() < received_on
    if last is None:
        reason = Message(
            f"{row['number']}的答复没有送达证明，申请复查的期限没有开始。",
            f"The answer of {row['number']} is not proved served: the window has not begun.",
        )
    elif asked is not None:
        reason = Message(f"{row['number']}已经申请复查。", f"Review of {row['number']} was asked for.")
    elif passed:
        reason = Message(
            f"{row['number']}申请复查的期限已于{last}届满，本事项在其后提出。有正当理由的，仍应受理。",
            f"The review window of {row['number']} ended on {last}, before this matter. With good cause it is taken.",
        )
    else:
        reason = Message(
            f"{row['number']}申请复查的期限到{last}，尚未届满。",
            f"The review window of {row['number']} runs to {last}.",
        )
    return Finding(code="window_passed", ok=passed, reason=reason, article=article)
