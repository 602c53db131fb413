"""The bureau's rules of reception in plain form: who receives, on which day of which month, from when to when, where.

The rules are the bureau's own order (domain reference, section 13); the register reads each whole before it takes any.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ui import law
from ui.context import Context
from ui.parts.fields import Choice, LongText, on_change, text_line
from ui.parts.forms import FormSheet
from ui.parts.lines import LineButton
from ui.parts.text import button
from ui.port import DeskPort
from ui.words import t

if TYPE_CHECKING:
    from models.reception.records import Host
    from models.reception.rules import PlanRule

EVERY = ("month", "quarter", "year", "week")
DAYS_A_WEEK = 7
LAST_WEEK = 5
WORKING_DAYS = 23
BEGIN, END = "09:00", "11:30"


def rule_line(context: Context, rule: PlanRule, leaders: Sequence[Host], opened: Callable[[], object]) -> LineButton:
    """Return the line of a rule; pressed, it can be changed."""
    leader = next((one for one in leaders if one.id == rule.leader), None)
    who = said_host(leader) if leader is not None else context.staff_name(rule.leader)
    made = LineButton(
        context.look,
        t("reception.rule_line", who=who, words=str(rule.words)),
        "  ".join(part for part in (hours(rule.begin, rule.end), rule.place, rule.phone) if part),
        third=t("reception.beside_line", names=rule.beside) if rule.beside else "",
        small=law.code("reception", rule.form),
    )
    made.clicked.connect(lambda: opened())
    return made


def said_host(host: Host) -> str:
    """Return a leader with the post."""
    return t("reception.host", name=host.name, post=host.post) if host.post else host.name


def hours(begin: str, end: str) -> str:
    """Return from when to when."""
    return f"{begin}—{end}" if begin or end else ""


def as_data(rule: PlanRule) -> dict[str, Any]:
    """Return a rule as the register keeps it."""
    found: dict[str, Any] = {"leader": rule.leader, "every": rule.every, "form": rule.form}
    found |= {"from": rule.begin, "to": rule.end, "place": rule.place}
    if rule.every in ("quarter", "year"):
        found["month"] = rule.month
    for name in ("week", "weekday", "day", "working", "phone", "beside"):
        value = getattr(rule, name)
        if value:
            found[name] = value
    return found


class RuleSheet(FormSheet):
    """One rule; `others` are those that stay as they are."""

    def __init__(
        self,
        context: Context,
        leaders: Sequence[Host],
        rules: Sequence[PlanRule],
        at: int | None,
        done: Callable[[Any], object],
    ) -> None:
        rule = rules[at] if at is not None else None
        self._others = [as_data(one) for place, one in enumerate(rules) if place != at]
        self._at = len(self._others) if at is None else at
        super().__init__(
            context,
            t("reception.rule_new") if rule is None else t("reception.rule_change"),
            t("reception.rule_save"),
            self._save,
            done,
        )
        self._add_when(leaders, rule)
        self.add("from", t("reception.from"), text_line(rule.begin if rule else BEGIN), required=True)
        self.add("to", t("reception.to"), text_line(rule.end if rule else END), required=True)
        self.add("place", t("reception.place"), text_line(rule.place if rule else ""), required=True)
        self.add("phone", t("reception.phone"), text_line(rule.phone if rule else ""))
        beside = LongText(context.look, rule.beside if rule else "", lines=1, most=4)
        self.add("beside", t("reception.beside"), beside, hint=t("reception.beside_hint"))
        self.finish_body()
        self._fit()
        if rule is not None:
            self.foot.addWidget(button(t("reception.rule_remove"), self._remove, "danger"))

    def _add_when(self, leaders: Sequence[Host], rule: PlanRule | None) -> None:
        who = Choice([(one.id, said_host(one)) for one in leaders], value=rule.leader if rule else None)
        self.add("leader", t("reception.leader"), who, required=True)
        every = Choice([(one, t(f"reception.every_{one}")) for one in EVERY], value=rule.every if rule else "month")
        self.add("every", t("reception.every"), every, required=True)
        months = Choice([(count, str(count)) for count in range(1, 13)], value=rule.month if rule else 1)
        self.add("month", t("reception.which_month"), months, required=True)
        way = "working" if rule and rule.working else "day" if rule and rule.day else "weekday"
        ways = Choice([(one, t(f"reception.by_{one}")) for one in ("weekday", "working", "day")], value=way)
        self.add("way", t("reception.by"), ways, required=True)
        weeks = [
            (count, t("reception.week_last") if count == LAST_WEEK else t("reception.week", count=count))
            for count in range(1, LAST_WEEK + 1)
        ]
        self.add("week", t("reception.which_week"), Choice(weeks, value=rule.week if rule else 1), required=True)
        weekdays = [(count, t(f"weekday.d{count}")) for count in range(1, DAYS_A_WEEK + 1)]
        self.add("weekday", t("reception.weekday"), Choice(weekdays, value=rule.weekday if rule else 3), required=True)
        working = [(count, str(count)) for count in range(1, WORKING_DAYS + 1)]
        self.add("working", t("reception.working"), Choice(working, value=rule.working if rule else 1), required=True)
        days = [(count, str(count)) for count in range(1, 32)]
        self.add("day", t("reception.month_day"), Choice(days, value=rule.day if rule else 10), required=True)
        on_change(every, self._fit)
        on_change(ways, self._fit)

    def _fit(self) -> None:
        """Show what belongs to the chosen way of counting only."""
        every, way = self.fields["every"], self.fields["way"]
        assert isinstance(every, Choice)  # noqa: S101  made above
        assert isinstance(way, Choice)  # noqa: S101  made above
        weekly = every.value == "week"
        self.show_field("month", shown=every.value in ("quarter", "year"))
        self.show_field("way", shown=not weekly)
        self.show_field("week", shown=not weekly and way.value == "weekday")
        self.show_field("weekday", shown=weekly or way.value == "weekday")
        self.show_field("working", shown=not weekly and way.value == "working")
        self.show_field("day", shown=not weekly and way.value == "day")

    def _save(self, desk: DeskPort, values: dict[str, Any]) -> None:
        given = {name: value for name, value in values.items() if name != "way"}
        desk.reception.set_rules([*self._others[: self._at], given, *self._others[self._at :]])

    def _remove(self) -> None:
        others = self._others
        self.context.ask(lambda desk: desk.reception.set_rules(others), self._taken, self.refuse, owner=self)


class PortfolioSheet(FormSheet):
    """What a leader is in charge of, as the public notice prints it."""

    def __init__(self, context: Context, leader: Host, done: Callable[[Any], object]) -> None:
        super().__init__(
            context,
            t("reception.portfolio_of", name=leader.name),
            t("reception.save"),
            lambda desk, values: desk.reception.portfolio(leader.id, values.get("text", "")),
            done,
            words=t("reception.portfolio_words"),
        )
        self.add("text", t("reception.portfolio"), LongText(context.look, leader.portfolio, lines=2))
        self.finish_body()
