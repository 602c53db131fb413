"""Papers from the city bureau at the county's desk: the inbox, what one says, taking it in, sending it back, answering.

A paper is a row of `city_paper` that the city's journal made. Nothing of it counts in the register until a person takes
it in, and taking goes through the ways of writing that there are anyway (`models.citytaking`).

    state       means                                           who may do what
    waiting     it has come, and nobody has taken it in         take, refuse (assignment, transfer), note
    taken       taken in                                        report
    refused     sent back with the reason; the city decides     -
    answered    the county reported what was done               -
    withdrawn   the city took it back                           -

Sight: the petition unit sees all; registrars see what they may register; chiefs see all but sealed content; the keeper
what concerns calendars, rules, codes and units. Whoever a paper names as accused, or who is barred from the matter that
it concerns, sees nothing of it, neither line nor count (SC-431 Art. 23; REG-2022 Art. 30).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from models import citysight, citytaking, clocks, codes, errors, lawbook, policy
from models.device import CITY
from models.records import ItemDraft, Sight, Staff

if TYPE_CHECKING:
    from models.citycodes import CodeChange
    from models.citytaking import Taken
    from models.cityunits import UnitChange
    from models.records import Hint
    from models.register import Register
    from models.shifts import Difference

PAGE = 50
Place = tuple[str, int]
"""Where a page ended: the day by which the list is ordered, and the paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """One paper of the inbox. For an outline `title` is empty.

    Attributes:
        number: Document number as printed; '' for none.
        arrived_on: The local day on which it reached this workstation.
        limit_on: Last day that the city sets for the answer.
        late: That day has passed without an answer.
        object_until: Until when an assigned or transferred item may be sent back (REG-2022 Art. 23); None where the
            period cannot be worked out or does not run.
        matter, matter_number: The matter that it concerns, or that was registered from it.
        outcome: Of a review: approve, return or unsolved.
        refused, insisted, withdrawn: Reasons: why the county sent it back, why the city did not agree, why the city
            took it back.
        may: What this person may do now, of take, note, refuse, report.
    """

    id: int
    kind: str
    number: str
    title: str
    on: date
    organ: str
    arrived_on: date
    limit_on: date | None
    state: str
    late: bool
    object_until: date | None
    matter: int | None
    matter_number: str
    outcome: str
    sight: Sight
    taken_on: date | None
    taken_by: str
    refused: str
    insisted: str
    withdrawn: str
    answered_on: date | None
    answer: str
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPage:
    """Some papers in the order of what presses most; `after` goes on, None at the end; the numbers are exact."""

    lines: tuple[PaperLine, ...]
    after: Place | None
    total: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper whole.

    Attributes:
        line: Its line.
        signed_by: Who signed it.
        body: What is to be done, the opinion, or the text of a notice.
        draft: Of an assignment or transfer: the registration form, filled in with what the city wrote.
        content: What is enclosed, as it came.
    """

    line: PaperLine
    signed_by: str
    body: str
    draft: ItemDraft | None
    content: Mapping[str, Any]


class CityPapers:
    """The inbox of one person at one register."""

    def __init__(self, register: Register, person: Staff, now: Callable[[], datetime]) -> None:
        self.register = register
        self.person = person
        self._now = now

    @property
    def on(self) -> date:
        """The local day."""
        return self._now().astimezone().date()

    # --- reading ----------------------------------------------------------------------------------------------------

    def inbox(self, after: Place | None = None, limit: int = PAGE, *, state: str = "waiting") -> PaperPage:
        """Return papers in one state, '' for all: what is due first comes first, then the oldest.

        Raises:
            InputError: There is no such state.
        """
        if state and state not in citysight.STATES:
            raise errors.InputError(
                "state",
                f"没有“{state}”这种状态，可用：{'、'.join(citysight.STATES)}。",
                f"There is no state “{state}”; there are: {', '.join(citysight.STATES)}.",
            )
        where, values = citysight.condition(self.register, self.person)
        if state:
            where += f" AND {citysight.STATE}=:state"
            values["state"] = state
        values["on"] = self.on.isoformat()
        counted = self.register.row(
            f"SELECT count(*), coalesce(sum({citysight.LATE}), 0) FROM city_paper p WHERE {where}", values
        )
        beyond = ""
        if after is not None:
            beyond = f" AND ({citysight.ORDER}, p.id) > (:day, :last)"
            values |= {"day": after[0], "last": after[1]}
        rows = self.register.rows(
            f"SELECT p.id, {citysight.ORDER} FROM city_paper p WHERE {where}{beyond} ORDER BY {citysight.ORDER}, p.id"
            f" LIMIT {int(limit)}",
            values,
        )
        lines = tuple(self._line(self._row(paper)) for paper, _ in rows)
        total, late = counted or (0, 0)
        return PaperPage(
            lines=lines, after=(rows[-1][1], rows[-1][0]) if len(rows) == limit else None, total=total, late=late
        )

    def line(self, paper: int) -> PaperLine:
        """Return a paper's line.

        Raises:
            InputError: No such paper, or one that this person may not know of (the two answers are the same).
        """
        return self._line(self._known(paper))

    def paper(self, paper: int) -> Paper:
        """Return a paper whole.

        Raises:
            InputError: No such paper, or one that this person may not know of (the two answers are the same).
            NotAllowedError: Its content is for named readers, and this person is none.
        """
        row = self._known(paper)
        line = self._line(row)
        if line.sight != "full":
            raise errors.NotAllowedError(
                "这份来文的内容限定知悉范围，您不在其中：只能看到文号、日期和期限。",
                "The content of this paper is for named readers only, and you are none: you see number, dates, limit.",
            )
        draft = citytaking.draft_of(row, line.arrived_on, self.on) if row["kind"] in citysight.ITEMS else None
        content = orjson.loads(row["content"]) if row["content"] else {}
        return Paper(line=line, signed_by=row["signed_by"] or "", body=row["body"] or "", draft=draft, content=content)

    def hints(self, paper: int) -> tuple[Hint, ...]:
        """Return likely earlier matters for an assigned or transferred item."""
        from models import find

        draft = self.paper(paper).draft
        return find.hints(self.register, self.person, draft) if draft is not None else ()

    def difference(self, paper: int) -> Difference:
        """Return which last days the calendar or overlay of a paper would move (see `models.shifts`).

        Raises:
            InputError: It is neither, or changes nothing.
            NotAllowedError: Neither petition-unit head nor keeper.
        """
        from models import shifts

        found = self.paper(paper)
        candidate = citytaking.candidate_of(self.register, found.line.kind, found.content, self.on)
        return shifts.difference(self.register, self.person, candidate, self.on)

    def changes(self, paper: int) -> tuple[UnitChange, ...] | tuple[CodeChange, ...]:
        """Return what a unit directory or code tables would change, in their order; empty when nothing.

        Raises:
            InputError: The paper encloses neither.
        """
        found = self.paper(paper)
        return citytaking.changes_of(self.register, found.line.kind, found.content)

    # --- writing ----------------------------------------------------------------------------------------------------

    def take(
        self,
        paper: int,
        *,
        draft: ItemDraft | None = None,
        matter: int | None = None,
        inputs: Mapping[str, Any] | None = None,
        digest: str = "",
        at: datetime | None = None,
    ) -> Taken:
        """Take a paper in, in one act with what is written for it.

        Args:
            paper: Its id.
            draft: Of an item: the registration form as the officer completed it; the city's own by default.
            matter: Of an item: an earlier matter of the same person and substance that it joins.
            inputs: Of a review or supervision: inputs of the act that differ from what the paper says, e.g. `unit`.
            digest: Of a calendar or overlay: what `difference` told, so that what counts is what was reviewed.
            at: Instant, aware; now by default.

        Raises:
            InputError, NotAllowedError, RuleError, MissingPartError: with the reason; nothing was changed.
        """
        row = self._may(paper, "take")
        given = citytaking.Given(draft=draft, matter=matter, inputs=dict(inputs or {}), digest=digest)
        at = at or self._now()
        return citytaking.take(self.register, row, given, self._arrived_on(row), by=self.person, at=at)

    def note(self, paper: int, reason: str, at: datetime | None = None) -> None:
        """Take note of a paper from which nothing is to be entered, with the reason (it was entered from paper...).

        Raises:
            InputError: No such paper, or no reason.
            NotAllowedError, RuleError: This person may not, or it does not wait.
        """
        self._may(paper, "note")
        reason = _reason(reason)
        with self._act("note_city_paper", paper, at) as act:
            act.set("city_paper", paper, taken_on=act.on, taken_by=self.person.id, answered_on=act.on, answer=reason)

    def refuse(self, paper: int, reason: str, at: datetime | None = None) -> None:
        """Send an assigned or transferred item back, with detailed reasons: it is not ours (REG-2022 Art. 23).

        Raises:
            InputError: No such paper, or no reason.
            NotAllowedError: This person may not.
            RuleError: It does not wait, the five working days are over, or the city did not agree before.
        """
        row = self._known(paper)
        if row["kind"] in citysight.ITEMS and citysight.state_of(row) == "waiting":
            self._check_objection(row)
        self._may(paper, "refuse")
        reason = _reason(reason)
        with self._act("refuse_city_paper", paper, at) as act:
            act.set("city_paper", paper, refused=reason)

    def report(self, paper: int, answer: str, at: datetime | None = None) -> None:
        """Report what was done on a paper that was taken in and for which no lawful step reports.

        Raises:
            InputError: No such paper, or nothing reported.
            NotAllowedError: This person may not.
            RuleError: It is not taken in, or is answered by a step of its matter, which is named.
        """
        row = self._known(paper)
        self._refuse_plain_answer(row)
        self._may(paper, "report")
        answer = _reason(answer)
        with self._act("report_city_paper", paper, at) as act:
            act.set("city_paper", paper, answered_on=act.on, answer=answer)

    def _act(self, name: str, paper: int, at: datetime | None) -> Any:
        row = self._row(paper)
        matter = row["result"] or row["matter"]
        return self.register.act(name, by=self.person, at=at or self._now(), matter=matter)

    def _check_objection(self, row: Mapping[str, Any]) -> None:
        if row["insisted"]:
            raise errors.RuleError(
                f"市局不同意退回（{row['insisted']}），由本局办理（《信访工作条例》第二十三条）。",
                f"The city did not agree that it comes back ({row['insisted']}): it is ours to handle (REG-2022"
                " Art. 23).",
            )
        until = self._object_until(row)
        if until is not None and self.on > until:
            raise errors.RuleError(
                f"提出异议的期限（收到之日起五个工作日）已于 {until} 届满，由本局办理（《信访工作条例》第二十三条）。",
                f"The five working days for an objection ended on {until}: it stays with us (REG-2022 Art. 23).",
            )

    def _refuse_plain_answer(self, row: Mapping[str, Any]) -> None:
        """Refuse to answer in plain words what a lawful step of the matter answers."""
        if citysight.state_of(row) != "taken":
            return
        if row["kind"] == "supervision":
            raise errors.RuleError(
                "督办由被督办单位在事项中书面答复：请办理“答复督办”，答复随即报市局（《信访工作条例》第四十条）。",
                "A supervision is answered in its matter: take “Answer a supervision”; the city gets that answer"
                " (REG-2022 Art. 40).",
            )
        matter = row["result"]
        if row["kind"] == "assignment" and matter is not None:
            running = self.register.row("SELECT 1 FROM duty WHERE matter=? AND clock='C8' LIMIT 1", (matter,))
            if running is not None:
                raise errors.RuleError(
                    "交办事项须报送办结报告：请在事项中办理“报送办结报告”，答复随即报市局（《信访工作条例》第二十二条"
                    "第三项）。",
                    "An assigned matter is answered by its completion report: take “Report completion” in the matter;"
                    " the city gets it (REG-2022 Art. 22(3)).",
                )

    # --- one paper --------------------------------------------------------------------------------------------------

    def _row(self, paper: int) -> dict[str, Any]:
        found = self.register.record("city_paper", paper)
        if found is None:
            raise _unknown(paper)
        return found

    def _known(self, paper: int) -> dict[str, Any]:
        where, values = citysight.condition(self.register, self.person)
        found = self.register.row(
            f"SELECT 1 FROM city_paper p WHERE {where} AND p.id=:paper", {**values, "paper": paper}
        )
        if found is None:
            raise _unknown(paper)
        return self._row(paper)

    def _may(self, paper: int, what: str) -> dict[str, Any]:
        """Return the row of a paper with which this person may do `what` now.

        Raises:
            InputError, NotAllowedError, RuleError: The reason why not.
        """
        row = self._known(paper)
        line = self._line(row)
        if what in line.may:
            return row
        wanted = "taken" if what == "report" else "waiting"
        if line.state != wanted:
            raise errors.RuleError(
                f"这份来文现在是“{codes.word('city_state', line.state, 'zh')}”，不能办理这一步。",
                f"The paper is “{codes.word('city_state', line.state, 'en')}”: this step is not open.",
            )
        policy.require_role(
            self.person,
            citysight.TAKES[line.kind] if what in ("take", "note") else citysight.PETITION,
            "办理这份市局来文",
            "do this with the city's paper",
        )
        if what == "refuse" and line.kind not in citysight.ITEMS:
            raise errors.RuleError(
                "只有交办、转送的事项可以退回。", "Only an assigned or transferred item is sent back."
            )
        raise errors.NotAllowedError(
            "这份来文的内容限定知悉范围，您不在其中。", "The content of this paper is for named readers only."
        )

    def _line(self, row: Mapping[str, Any]) -> PaperLine:
        matter = row["result"] or row["matter"]
        found = self.register.row(
            f"SELECT number, ({policy.visible_sql(self.person)}) FROM matter m WHERE id=?", (matter,)
        )
        number, visible = found or ("", citysight.sees_content(row, self.person))
        state, limit = citysight.state_of(row), _day(row["limit_on"])
        sight: Sight = "full" if visible else "outline"
        taken_by = self.register.row("SELECT name FROM staff WHERE id=?", (row["taken_by"],))
        return PaperLine(
            id=row["id"],
            kind=row["kind"],
            number=row["number"] or "",
            title=row["title"] if visible else "",
            on=date.fromisoformat(row["on_date"]),
            organ=row["organ"],
            arrived_on=self._arrived_on(row),
            limit_on=limit,
            state=state,
            late=limit is not None and limit < self.on and state not in ("answered", "withdrawn"),
            object_until=self._object_until(row) if row["kind"] in citysight.ITEMS and state == "waiting" else None,
            matter=matter,
            matter_number=number,
            outcome=row["outcome"] or "",
            sight=sight,
            taken_on=_day(row["taken_on"]),
            taken_by=taken_by[0] if taken_by else "",
            refused=(row["refused"] or "") if visible else "",
            insisted=(row["insisted"] or "") if visible else "",
            withdrawn=(row["withdrawn"] or "") if visible else "",
            answered_on=_day(row["answered_on"]),
            answer=(row["answer"] or "") if visible else "",
            may=self._open(row, state) if visible else (),
        )

    def _open(self, row: Mapping[str, Any], state: str) -> tuple[str, ...]:
        kind, roles = row["kind"], self.person.roles
        if state == "waiting":
            takes = bool(roles & citysight.TAKES.get(kind, frozenset()))
            refuses = kind in citysight.ITEMS and bool(roles & citysight.PETITION)
            return (*(("take", "note") if takes else ()), *(("refuse",) if refuses else ()))
        if state == "taken" and roles & citysight.PETITION and kind in (*citysight.ITEMS, "notice"):
            return ("report",)
        return ()

    def _arrived_on(self, row: Mapping[str, Any]) -> date:
        """Return the local day on which a paper reached this workstation; the day it was written where that is lost."""
        found = self.register.row(
            "SELECT coalesce((SELECT min(a.at_ms) FROM arrival a WHERE a.device=e.device AND e.seq BETWEEN a.first"
            " AND a.last), e.at_ms) FROM entry e JOIN city_paper p ON p.born=e.hlc WHERE e.device=? AND p.id=?",
            (CITY, row["id"]),
        )
        if found is None:
            return date.fromisoformat(row["on_date"])
        return datetime.fromtimestamp(found[0] / 1000, UTC).astimezone().date()

    def _object_until(self, row: Mapping[str, Any]) -> date | None:
        arrived = self._arrived_on(row)
        rules = self.register.law.book.rules_for(arrived, lawbook.overlay_on(self.register, arrived))
        try:
            return clocks.due(rules, "C1o", arrived, calendar=self.register.calendar).last_on
        except (errors.InputError, errors.CalendarMissingError):
            return None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _reason(text: str) -> str:
    if not text.strip():
        raise errors.InputError("reason", "须写明理由或者内容。", "It takes a reason, or what is reported.")
    return text.strip()


def _unknown(paper: int) -> errors.InputError:
    return errors.InputError(
        "paper", f"没有这份市局来文：{paper}。请核对编号。", f"There is no such paper of the city: {paper}."
    )
