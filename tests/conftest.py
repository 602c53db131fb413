"""What all tests share: no screen, no person's home folder, one time zone, Hypothesis profiles, and the real messages.

Environment:
    HYPOTHESIS_PROFILE  `ci` (default): the same examples each time; `thorough`: many, new each time.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# Before anything imports Qt: a test must open no window on the screen of the person who runs it.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Before anything asks platformdirs: a test that forgets to name its folder must not touch the person's own register.
_HOME = Path(tempfile.mkdtemp(prefix="petition-desk-tests-"))
for _name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
    os.environ[_name] = str(_HOME / _name.lower())
os.environ.pop("PETITION_DESK_PASSPHRASE", None)
try:
    Path.home()
except RuntimeError:  # an arbitrary user of a container
    os.environ["HOME"] = str(_HOME)

# Tests set the clock to fixed instants, and the lawful day is the counter's own: the whole country keeps one time zone.
# Written in full, because a bare machine may lack the table of zones.
os.environ["TZ"] = "CST-8"
if hasattr(time, "tzset"):
    time.tzset()

# Machines for tests are slow and shared, so time is not what fails a property.
settings.register_profile("ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", deadline=None, max_examples=2_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

REAL_DATA = Path(__file__).parents[1].parent / "shared" / "data"
REAL_DATA_ABSENT = "real messages are not beside this checkout: left out"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test that asks for `real_data`, so that `-m data` and `-m "not data"` always tell the truth."""
    for item in items:
        if "real_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.data)


@pytest.fixture(autouse=True, scope="session")
def _cheap_passphrases() -> Iterator[None]:
    """Let a passphrase cost next to nothing in this process."""
    from tests.passphrases import CHEAP, costing

    with costing(CHEAP):
        yield


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """Give each test the language that a process begins with, whatever the one before it chose."""
    from models import errors

    before = errors.spoken()
    errors.speak("zh")
    yield
    errors.speak(before)


def pytest_unconfigure() -> None:
    """Remove the folder that stood in for a home."""
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of the real messages, or leave the test out and say so. They are read where they lie."""
    if not REAL_DATA.is_dir():
        pytest.skip(REAL_DATA_ABSENT)
    return REAL_DATA


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the top of the checkout."""
    return ROOT
