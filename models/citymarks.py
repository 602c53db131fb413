"""What the lawful steps of a matter say on the city's paper that it came of or that urged it, in the same act.

So the city sees the answer as soon as it is given, and nobody has to report a second time what was reported.

    report_completion   the assignment is answered: by which completion report
    extend_limit        the assignment has the later limit that the city agreed to
    answer_supervision  the supervision letter is answered
    object              the matter goes back to the city, once it agrees (REG-2022 Art. 23)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.act import Act
    from models.steps.step import Step

_OPEN = "withdrawn IS NULL AND answered_on IS NULL"


def _completed(act: Act, step: Step) -> None:
    document = step.register.record("document", step.documents["completion_report"])
    number = (document or {}).get("number") or ""
    for paper in _from(step, "assignment"):
        act.set("city_paper", paper["id"], answered_on=step.on, answer=f"已报送办结报告{number}")


def _extended(act: Act, step: Step) -> None:
    for paper in _from(step, "assignment"):
        if paper["limit_on"]:
            limit = date.fromisoformat(paper["limit_on"]) + timedelta(days=step.values["days"])
            act.set("city_paper", paper["id"], limit_on=limit)


def _answered(act: Act, step: Step) -> None:
    row = step.register.record("supervision", step.values["supervision"])
    if row is None or row["document"] is None:
        return
    found = step.register.records("city_paper", f"document=? AND kind='supervision' AND {_OPEN}", (row["document"],))
    for paper in found:
        act.set("city_paper", paper["id"], answered_on=step.on, answer=step.values["answer"])


def _objected(act: Act, step: Step) -> None:
    for paper in _from(step, "assignment", "transfer"):
        act.set("city_paper", paper["id"], refused=step.values["reasons_detail"])


def _from(step: Step, *kinds: str) -> list[dict[str, Any]]:
    """Return the papers of these kinds from which the matter was registered and that wait for an answer."""
    marks = ",".join("?" * len(kinds))
    return step.register.records("city_paper", f"result=? AND kind IN ({marks}) AND {_OPEN}", (step.id, *kinds))


MARKS: Mapping[str, Callable[[Act, Step], None]] = {
    "report_completion": _completed,
    "extend_limit": _extended,
    "answer_supervision": _answered,
    "object": _objected,
}
"""By the name of the act, called when it has been written."""
