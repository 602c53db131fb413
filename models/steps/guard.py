"""Keeping what accuses someone from the accused: asked wherever it is handed to a unit, an organ or an officer."""

from __future__ import annotations

from models import errors, projections
from models.steps.step import Step


def refuse_accused_unit(step: Step, unit: int | None) -> None:
    """Refuse to hand the matter to a unit that it accuses, or to one below such a unit.

    Raises:
        RuleError: MPS-79 Art. 10; SC-431 Art. 23; REG-2022 Art. 30.
    """
    if unit is not None and unit in projections.accused_units(step.register.connection, step.id):
        raise to_the_accused()


def refuse_accused_name(step: Step, named: str) -> None:
    """Refuse to hand the matter to an organ or person, named in words, whom it accuses.

    Raises:
        RuleError: as above.
    """
    if any(row["name"] == named.strip() for row in step.rows("accused")):
        raise to_the_accused()


def refuse_barred_handler(step: Step, handler: int | None) -> None:
    """Refuse a handler whom the matter accuses, who is of an accused unit, or who stands aside.

    Raises:
        RuleError: MPS-79 Arts 10, 11; REG-2022 Arts 28, 30.
    """
    if handler in projections.barred(step.register.connection, step.id):
        raise errors.RuleError(
            "承办人是被反映的人、属于被反映的单位或已回避，不能承办"
            "（部令第79号第十条、第十一条；《信访工作条例》第二十八条、第三十条）。",
            "The handler is accused, of an accused unit, or recused, and may not handle it (MPS-79 Arts 10, 11;"
            " REG-2022 Arts 28, 30).",
        )


def to_the_accused() -> errors.RuleError:
    """Return the refusal."""
    return errors.RuleError(
        "不能把检举、揭发的情况转给被反映的单位或人（部令第79号第十条；《信访条例》第二十三条；《信访工作条例》第三十条）。",
        "What accuses a unit or person is not passed on to them (MPS-79 Art. 10; SC-431 Art. 23; REG-2022 Art. 30).",
    )
