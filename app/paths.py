"""Where things are on this machine: the user's data folder and the default register in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import platformdirs

from models import errors

APP = "petition-desk"


def data_folder() -> Path:
    """Return the user's data folder of this product; it is made when something is written there.

    Raises:
        StorageError: The user has no home folder.
    """
    return _own(platformdirs.user_data_dir)


def config_folder() -> Path:
    """Return the folder of this workstation's own settings (language, text size, window place).

    Raises:
        StorageError: The user has no home folder.
    """
    return _own(platformdirs.user_config_dir)


def _own(folder: Callable[..., str]) -> Path:
    try:
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
