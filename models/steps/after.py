"""After the answer: what must be proved before a matter is closed."""

from __future__ import annotations

from models import clocks, errors, projections
from models.steps.step import Check, Follow, Need, Step


def _check_close(step: Step) -> None:
    matter = step.matter["id"]
    events = projections.events_of(step.register.connection, matter)
    kinds = {event.kind for event in events}
    supported = step.register.row(
        "SELECT 1 FROM claim WHERE matter=? AND decision IN ('support', 'partly') AND removed IS NULL LIMIT 1",
        (matter,),
    )
    if supported and "executed" not in kinds:
        raise errors.RuleError(
            "有支持的诉求尚未证明已执行，不能办结（《信访条例》第三十二条、《信访工作条例》第三十二条）。",
            "A supported claim is not proved carried out: the matter cannot be closed (SC-431 Art. 32, REG-2022 Art."
            " 32).",
        )
    if step.matter["state"] == "S9":
        served = next((event.on for event in events if event.kind == "served"), None)
        if served:
            rules = projections.rules_of(step.matter["rules"], step.matter["received_on"])
            window = clocks.due(rules, "C3", served, calendar=step.register.calendar)
            if step.on <= window.last_on:
                raise errors.RuleError(
                    f"申请复查的期限到 {window.last_on} 才届满，"
                    "此前不能办结（《信访条例》第三十四条、《信访工作条例》第三十五条）。",
                    f"The petitioner may ask for review until {window.last_on}; not closed before (SC-431 Art. 34,"
                    " REG-2022 Art. 35).",
                )


CHECKS: dict[str, Check] = {"close": _check_close}
FOLLOW: dict[str, Follow] = {}
NEEDS: dict[str, Need] = {}
