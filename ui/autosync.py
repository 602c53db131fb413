"""Syncs by itself while the register is open: soon after something was entered, and now and then for what comes down.

A round that fails is tried again after a wait that doubles up to an hour (`sync.round.next_try_s`); until then nothing
is sent, and the light says when. One round at a time, whoever began it. A locked window syncs nothing: the register is
closed then.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from models.errors import RegisterError
from models.records import SyncState
from ui.context import Context
from ui.services import Outcome

FIRST_S = 10
"""After unlocking: the screens are painted first."""
AFTER_ACT_S = 45
"""After something was entered: what is entered together goes up together."""
BUSY_S = 30
"""While another round is under way."""


class AutoSync(QObject):
    """Begins rounds with the hub by network. `start` it when the register is open, `stop` it before it closes."""

    planned = Signal()
    """The next try was put at another time, or the last one has ended."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.context = context
        self.waits = False
        """The last round failed; what is entered meanwhile does not bring the next one forward."""
        self._running = False
        self._fetching = False
        """The register must fetch before anything can be entered: the end of the round is told even if nothing came."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._due)
        context.register_changed.connect(self._changed)

    def start(self) -> None:
        """Plan the first round."""
        self.waits = False
        self._plan(FIRST_S)

    def stop(self) -> None:
        """Plan nothing more; a round under way is called off by who closes the register."""
        self._timer.stop()
        self.context.next_round = None
        self._running = False

    @property
    def every_s(self) -> int:
        """Seconds between rounds when nothing is entered, 0 for by hand only."""
        return self.context.preferences.sync_minutes * 60

    def _plan(self, after_s: int) -> None:
        if not self._running and (self.context.services.send_now is None or not self.every_s):
            self._timer.stop()
            self.context.next_round = None
        else:
            self._timer.start(after_s * 1000)
            self.context.next_round = datetime.now(UTC) + timedelta(seconds=after_s)
        self.planned.emit()

    def preferences_changed(self) -> None:
        """Take up another interval at once."""
        if self.context.desk is not None:
            self.start()

    def _changed(self) -> None:
        """Something was entered: send it soon, unless the way was found closed."""
        if self.context.desk is None or self._running or self.waits or not self.every_s:
            return
        if self.context.next_round is not None and self.context.next_round <= datetime.now(UTC) + timedelta(
            seconds=AFTER_ACT_S
        ):
            return

        def known(state: SyncState) -> None:
            if state.enrolled and state.unsent and not self._running and not self.waits:
                self._plan(AFTER_ACT_S)

        self.context.ask(lambda desk: desk.sync_state(), known, owner=self, key="autosync")

    def _due(self) -> None:
        if self.context.desk is None:
            return
        job = self.context.round
        if job is not None and not job.cancelled:
            self._plan(BUSY_S)
            return
        self.context.ask(lambda desk: desk.sync_state(), self._begin, owner=self, key="autosync")

    def _begin(self, state: SyncState) -> None:
        context, send = self.context, self.context.services.send_now
        if not state.enrolled or send is None or context.desk is None:
            self._plan(self.every_s)
            return
        self._running, self._fetching = True, state.must_fetch
        self.context.next_round = None
        self.planned.emit()
        context.round = context.aside(send, self._ended, self._failed, owner=self)

    def _ended(self, outcome: Outcome) -> None:
        self._over(outcome.again_s)
        if outcome.arrived or self._fetching:
            self.context.register_changed.emit()

    def _failed(self, error: RegisterError) -> None:
        del error  # the same trouble stands in the sync state, which the light and the sync screen show
        self._over(BUSY_S)

    def _over(self, again_s: int) -> None:
        self._running = False
        self.context.round = None
        self.waits = bool(again_s)
        self._plan(again_s or self.every_s)
