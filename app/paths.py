"""Where things are on this machine: the user's data folder and the default register in it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from models import errors

APP = "petition-desk"


def data_folder() -> Path:
    """Return the user's data folder of this product; it is made when something is written there.

    Raises:
        StorageError: The user has no home folder.
    """
    return _own("XDG_DATA_HOME", ".local/share")


def config_folder() -> Path:
    """Return the folder of this workstation's own settings (language, text size, window place).

    Raises:
        StorageError: The user has no home folder.
    """
    return _own("XDG_CONFIG_HOME", ".config")


def _own(variable: str, beside_home: str) -> Path:
    """Return the folder of a kind: on Linux as the XDG base directories say, elsewhere as `platformdirs` knows it.

    That library costs a twentieth of the window's start, so it is left out where two lines say the same.
    """
    try:
        if sys.platform == "linux":
            return Path(os.environ.get(variable, "").strip() or Path.home() / beside_home) / APP
        import platformdirs

        folder = platformdirs.user_data_dir if variable == "XDG_DATA_HOME" else platformdirs.user_config_dir
        return Path(folder(APP, appauthor=False))
    except RuntimeError:
        raise errors.StorageError(
            "这个用户没有主目录，默认登记库没有地方放。请设置环境变量 HOME，或用 --register 指明登记库。",
            "This user has no home folder, so there is no place for the default register. Set HOME, or name a register "
            "with --register.",
        ) from None


def default_register() -> Path:
    """Return the register that is opened when none is named."""
    return data_folder() / "petition.register"
