"""Mediation and settlement: signed by both sides, performed, and only then the end of what they cover.

REG-2022 Art. 33: an agreement is drawn up. It ends claims when both sides signed it and, project rule, when it was
performed (domain reference, section 5): the handling clock runs on until then, and goes on when the agreement fails.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from models import errors
from models.act import Act
from models.steps.step import Check, Follow, Need, Step, write_fact


def _claims(step: Step) -> dict[int, int]:
    """Return the ids of the claims by their order on paper."""
    return {
        row["place"]: row["id"]
        for row in step.register.records("claim", "matter=? AND removed IS NULL ORDER BY place", (step.id,))
    }


def _check_settle(step: Step) -> None:
    if step.values["due_on"] < step.on:
        raise errors.InputError(
            "due_on",
            f"履行期限 {step.values['due_on']} 早于签订日期 {step.on}（《信访工作条例》第三十三条）。",
            f"The day of performance, {step.values['due_on']}, lies before the agreement of {step.on} (REG-2022 Art."
            " 33).",
        )
    if step.values["party_a"] == step.values["party_b"]:
        raise errors.InputError(
            "party_b",
            "协议须有两方当事人（《信访工作条例》第三十三条）。",
            "An agreement has two sides (REG-2022 Art. 33).",
        )
    claims = _claims(step)
    named = [int(place) for place in re.findall(r"\d+", step.values.get("covers", ""))]
    unknown = [place for place in named if place not in claims]
    if unknown:
        raise errors.InputError(
            "covers",
            f"没有第 {unknown[0]} 项诉求：请写明协议所解决的诉求序号（《信访工作条例》第三十三条）。",
            f"There is no claim {unknown[0]}: name the claims that the agreement ends (REG-2022 Art. 33).",
        )
    step.values["claim_ids"] = [claims[place] for place in sorted(set(named))] or list(claims.values())


def _follow_settle(act: Act, step: Step) -> None:
    values = step.values
    act.insert(
        "agreement",
        {
            "matter": step.id,
            "kind": values["kind"],
            "parties": f"{values['party_a']}；{values['party_b']}",
            "terms": values["terms"],
            "signed_on": step.on,
            "document": step.papers.get("agreement_signed"),
            "due_on": values["due_on"],
            "covers": orjson.dumps(values["claim_ids"]).decode(),
        },
    )


def _open(step: Step) -> list[dict[str, Any]]:
    return step.rows("agreement", "performed_on IS NULL AND failed_on IS NULL")


def _chosen(step: Step) -> dict[str, Any]:
    """Return the agreement that is meant: by its order in the matter, or the only one that is open.

    Raises:
        InputError: It is not open, or several are and none was named.
    """
    found, every = _open(step), step.rows("agreement")
    number: int | None = step.values.get("agreement")
    if number is None and len(found) == 1:
        return found[0]
    if number is not None and 1 <= number <= len(every) and every[number - 1] in found:
        return every[number - 1]
    numbers = [place for place, row in enumerate(every, 1) if row in found]
    raise errors.InputError(
        "agreement",
        f"请写明是第几份协议，待履行的有：{'、'.join(map(str, numbers))}（《信访工作条例》第三十三条）。",
        f"Say which agreement; to be performed are: {', '.join(map(str, numbers))} (REG-2022 Art. 33).",
    )


def _check_end(step: Step) -> None:
    row = _chosen(step)
    if step.on.isoformat() < row["signed_on"]:
        raise errors.InputError(
            "on",
            f"日期 {step.on} 早于协议签订日期 {row['signed_on']}（《信访工作条例》第三十三条）。",
            f"{step.on} lies before the agreement was signed, {row['signed_on']} (REG-2022 Art. 33).",
        )


def _follow_perform(act: Act, step: Step) -> None:
    row = _chosen(step)
    act.set("agreement", row["id"], performed_on=step.on, proof=step.values["proof"])
    if _open_claims(step, also=row):
        return
    # The event ends the handling clock, so it is written only when no claim is left open.
    document = step.papers.get("evidence") or row["document"]
    write_fact(act, step, "performed", document=document, note=step.values["proof"])


def _open_claims(step: Step, *, also: dict[str, Any] | None = None) -> set[int]:
    """Return the claims that no performed agreement covers; `also` counts as performed."""
    covered = {
        claim
        for row in step.rows("agreement")
        if row["performed_on"] or (also is not None and row["id"] == also["id"])
        for claim in orjson.loads(row["covers"] or "[]")
    }
    return set(_claims(step).values()) - covered


def _follow_fail(act: Act, step: Step) -> None:
    act.set("agreement", _chosen(step)["id"], failed_on=step.on, reason=step.values["reason"])


def _need_agreement_open(step: Step) -> errors.RuleError | None:
    if _open(step):
        return None
    return errors.RuleError(
        "没有待履行的调解、和解协议（《信访工作条例》第三十三条）。",
        "No mediation or settlement agreement waits to be performed (REG-2022 Art. 33).",
    )


def _need_all_settled(step: Step) -> errors.RuleError | None:
    performed = step.rows("agreement", "performed_on NOT NULL")
    if performed and not _open_claims(step) and not _open(step):
        return None
    if performed and not _open(step):
        return errors.RuleError(
            f"还有 {len(_open_claims(step))} 项诉求不在已履行的协议之内，须书面答复"
            "（《信访条例》第三十二条、《信访工作条例》第三十二条、第三十三条）。",
            f"{len(_open_claims(step))} claims are in no performed agreement and are answered in writing (SC-431 Art."
            " 32, REG-2022 Arts 32, 33).",
        )
    return errors.RuleError(
        "协议经双方签字并履行后才能以调解、和解办结（《信访工作条例》第三十三条；履行为产品规则）。",
        "A settlement closes the matter only when signed by both sides and performed (REG-2022 Art. 33; performance is"
        " a project rule).",
    )


CHECKS: dict[str, Check] = {
    "settle": _check_settle,
    "perform_settlement": _check_end,
    "fail_settlement": _check_end,
}
FOLLOW: dict[str, Follow] = {
    "settle": _follow_settle,
    "perform_settlement": _follow_perform,
    "fail_settlement": _follow_fail,
}
NEEDS: dict[str, Need] = {"agreement_open": _need_agreement_open, "all_settled": _need_all_settled}
