"""The part of the desk that looks at the bureau's work as a whole: duties, receptions, programmes, figures, ledgers.

`models.desk.Desk` is made of it; nothing else uses it. Each property is a room of questions and steps of its own, asked
for this person on this day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from models.desk_base import AtDesk
from models.records import Filters

if TYPE_CHECKING:
    from models.citypapers import CityPapers
    from models.conflicts import Conflicts
    from models.duties import Duties
    from models.export import Cell
    from models.figures.desk import Figures
    from models.ledgers.ledger import Ledgers
    from models.programme.programmes import Programmes
    from models.reception.desk import Receptions
    from models.sheets.papers import Papers


class OfficeDesk(AtDesk):
    """One person at one register, with the work of the whole bureau."""

    def export_portion(
        self, filters: Filters, text: str = "", places: Sequence[int] | None = None, after: Any = None
    ) -> tuple[list[tuple[Cell, ...]], Any]:
        """Return some lines of a list as cells of a table, and how to go on (see `models.export`)."""
        from models import export

        return export.portion(self.register, self.person, self.on, filters, text=text, places=places, after=after)

    def exported(self, at: datetime | None = None) -> None:
        """Journal that a list leaves the register: called before it is written."""
        with self.register.act("export_list", by=self.person, at=at or self._now()):
            pass

    @property
    def duties(self) -> Duties:
        """What units owe and failed, and what repeats: asked for this person on this day."""
        from models.duties import Duties

        return Duties(self.register, self.person, self.on)

    @property
    def programmes(self) -> Programmes:
        """Key-case programmes: their cases, their progress as evidence, what they owe."""
        from models.programme.programmes import Programmes

        return Programmes(self.register, self.person, self.on, self._now)

    @property
    def reception(self) -> Receptions:
        """The chief's reception days: plan, public notice, queue, briefs, docket, instructions."""
        from models.reception.desk import Receptions

        return Receptions(self.register, self.person, self._now)

    @property
    def conflicts(self) -> Conflicts:
        """Values entered apart from each other that nobody has settled."""
        from models.conflicts import Conflicts

        return Conflicts(self.register, self.person, self.on, self._now)

    @property
    def figures(self) -> Figures:
        """Figures of a month, stage, programme or year: computed live, submitted once, each with its list."""
        from models.figures.desk import Figures

        return Figures(self.register, self.person, self.on, self._now)

    @property
    def ledgers(self) -> Ledgers:
        """Ledgers of a period: items, receptions, key cases, supervision, major matters."""
        from models.ledgers.ledger import Ledgers

        return Ledgers(self.register, self.person, self.on, self._now)

    @property
    def city(self) -> CityPapers:
        """Papers from the city bureau: the inbox, taking in, sending back, answering."""
        from models.citypapers import CityPapers

        return CityPapers(self.register, self.person, self._now)

    @property
    def papers(self) -> Papers:
        """Issued papers of the bureau that belong to no single matter."""
        from models.sheets.papers import Papers

        return Papers(self.register, self.person, self.on, self._now)
