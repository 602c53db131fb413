"""The clocks of a matter: rule sets and calendars as data, due dates with their derivation, states on a day.

Pure: events in, due dates out, nothing stored. `calendar` knows working days, `rule_files` and `rules` the rule sets,
`engine` counts, `states` says what is open, met or late, `wording` tells it in Chinese and English, `ask` serves the
command line.
"""

from models.clocks.ask import cli_clock, read_day, read_span
from models.clocks.calendar import Calendar, Notice, calendar_texts, load_calendar, read_calendars, read_notice
from models.clocks.engine import Due, Step, check_extension, due
from models.clocks.events import EVENT_NAMES, Event
from models.clocks.routes import Route, routes
from models.clocks.rule_files import Clock, Extension, Fact, RuleFile, read_rule_files, rule_files, rule_texts
from models.clocks.rules import RuleBook, RuleSet, clock_name, rule_set, rule_set_ids, rules_for, shipped
from models.clocks.states import ClockState, Status, clock_states
from models.clocks.wording import UNIT_NAMES, derivation, explain

__all__ = [
    "EVENT_NAMES",
    "UNIT_NAMES",
    "Calendar",
    "Clock",
    "ClockState",
    "Due",
    "Event",
    "Extension",
    "Fact",
    "Notice",
    "Route",
    "RuleBook",
    "RuleFile",
    "RuleSet",
    "Status",
    "Step",
    "calendar_texts",
    "check_extension",
    "cli_clock",
    "clock_name",
    "clock_states",
    "derivation",
    "due",
    "explain",
    "load_calendar",
    "read_calendars",
    "read_day",
    "read_notice",
    "read_rule_files",
    "read_span",
    "routes",
    "rule_files",
    "rule_set",
    "rule_set_ids",
    "rule_texts",
    "rules_for",
    "shipped",
]
