"""Where things are on this machine: the user's data folder and the default register in it."""

from __future__ import annotations

from pathlib import Path

import platformdirs

APP = "petition-desk"


def data_folder() -> Path:
    """Return the user's data folder of this product; it is made when something is written there."""
    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def config_folder() -> Path:
    """Return the folder of this workstation's own settings (language, text size, window place)."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False))


def default_register() -> Path:
    """Return the register that is opened when none is named."""
    return data_folder() / "petition.register"
