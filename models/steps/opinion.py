"""The opinion: a decision on each claim, drafted, checked, signed."""

from __future__ import annotations

from models import errors
from models.act import Act
from models.steps.step import Check, Follow, Need, Step


def _check_draft(step: Step) -> None:
    claims = {
        row[0]
        for row in step.register.rows("SELECT id FROM claim WHERE matter=? AND removed IS NULL", (step.matter["id"],))
    }
    decided = set(step.values["claims"])
    if decided - claims:
        raise errors.InputError(
            "claims",
            f"没有这些诉求：{sorted(decided - claims)}。",
            f"There are no such claims: {sorted(decided - claims)}.",
        )
    missing = claims - decided
    if missing:
        raise errors.MissingPartError(
            ("claims",),
            f"还有 {len(missing)} 项诉求没有结论：每一项都须答复（《信访工作条例》第三十二条）。",
            f"{len(missing)} claims have no decision: each is answered (REG-2022 Art. 32).",
        )


def _check_issue(step: Step) -> None:
    heard = step.rows("passage", "kind='reception'")
    if not heard and not step.values.get("unheard_reason"):
        raise errors.MissingPartError(
            ("unheard_reason",),
            "没有听取信访人陈述的记录：请先记录，或写明未听取的理由（《信访条例》第三十一条、《信访工作条例》第三十一条第六项）。",
            "No hearing of the petitioner is recorded: record one, or say why not (SC-431 Art. 31, REG-2022 Art."
            " 31(6)).",
        )


def _follow_draft(act: Act, step: Step) -> None:
    matter = step.matter["id"]
    for claim, decided in step.values["claims"].items():
        act.set("claim", claim, decision=decided["decision"], grounds=decided["grounds"])
    for kind, name in (("facts_found", "facts"), ("basis", "basis")):
        act.insert("passage", {"matter": matter, "kind": kind, "body": step.values[name]})


def _follow_issue(act: Act, step: Step) -> None:
    if step.values.get("unheard_reason"):
        act.insert(
            "passage",
            {
                "matter": step.matter["id"],
                "kind": "note",
                "body": "未听取信访人陈述的理由：" + step.values["unheard_reason"],
            },
        )
    decided = {
        row[0]
        for row in act.connection.execute(
            "SELECT decision FROM claim WHERE matter=? AND removed IS NULL AND decision IS NOT NULL",
            (step.matter["id"],),
        ).fetchall()
    }
    if decided:
        act.set("matter", step.matter["id"], conclusion=conclusion_of(decided))
    if {"support", "partly"} & decided:
        act.insert("event", {"matter": step.matter["id"], "kind": "supported", "on_date": step.on, "staff": step.by.id})


def conclusion_of(decided: set[str]) -> str:
    """Return the conclusion of the whole from those of the claims (domain reference, 10.2)."""
    if len(decided) == 1:
        return next(iter(decided))
    if {"support", "partly"} & decided:
        return "partly"
    return "refuse"


CHECKS: dict[str, Check] = {"draft": _check_draft, "issue": _check_issue}
FOLLOW: dict[str, Follow] = {"draft": _follow_draft, "issue": _follow_issue}
NEEDS: dict[str, Need] = {}
