"""Errors of the register, as a tree. Every error carries a sentence for the person at the desk, in Chinese and English.

    RegisterError              base
      RuleError                a rule of the register says no; the person can act            (command line: exit 1)
        InputError             something typed or imported is not possible; names field and value
        NotAllowedError        the policy says no
        MissingPartError       a letter or an act lacks a required part; names the parts
        CalendarMissingError   a due date falls into a year without a calendar
      StorageError             the disk, the lock, the key, damage                           (exit 3)
        WrongPassphraseError, RegisterDamagedError, RegisterNewerError, RegisterForeignError,
        RegisterInUseError, DiskFullError, NoRegisterError
      SyncError                the way to the hub                                            (exit 4)
        HubUnreachableError    try again later
        BatchRefusedError      do not try again: altered, cut, foreign
        ChainError             entries that do not continue the journal held of their workstation
        MustFetchError         a restored register has not fetched yet what it lacks
        NotYetHereError        a file whose row is here and whose bytes are on the way
      BugError                 a promise of ours was broken

`message` is bilingual: `str(error)` gives the language set by `speak()`, Chinese by default.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]
_language: list[Language] = ["zh"]


def speak(language: Language) -> None:
    """Choose the language of `str(error)` for this process."""
    _language[0] = language


def spoken() -> Language:
    """Return the language chosen by `speak`."""
    return _language[0]


class Message(NamedTuple):
    """One sentence in both languages of the product.

    A named tuple: this module is imported before the window's first paint, and `dataclasses` would cost 3 % of it.
    """

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if _language[0] == "zh" else self.en


class RegisterError(Exception):
    """Base of all errors that a person may see: what was wrong, where, and what to do."""

    exit_code = 1

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.message = Message(zh, en)

    def __str__(self) -> str:
        return str(self.message)


class RuleError(RegisterError):
    """A rule of law or of the register says no."""


class InputError(RuleError):
    """A value cannot be: `field` names it (column or option name)."""

    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.field = field


class NotAllowedError(RuleError):
    """The policy does not let this person do this."""


class MissingPartError(RuleError):
    """Required parts are absent: `parts` are their codes."""

    def __init__(self, parts: tuple[str, ...], zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.parts = parts


class CalendarMissingError(RuleError):
    """No calendar for `year`: due dates beyond it are not guessed."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"没有 {year} 年的节假日安排，不能推算落在该年的期限。请导入国务院办公厅 {year} 年放假通知后再算。",
            f"There is no calendar for {year}, so a limit that falls in it is not worked out. Import the State"
            f" Council's holiday notice for {year} and try again.",
        )
        self.year = year


class StorageError(RegisterError):
    """The disk, the lock, the key or the file itself."""

    exit_code = 3


class NoRegisterError(StorageError):
    """There is no register at this path."""


class WrongPassphraseError(StorageError):
    """No key slot opens with this passphrase."""


class RegisterDamagedError(StorageError):
    """The key is right, the file is not."""


class RegisterNewerError(StorageError):
    """Written by a newer program."""


class RegisterForeignError(StorageError):
    """Not a register of this program, or the keyring belongs to another one."""


class RegisterInUseError(StorageError):
    """Another program holds the register."""


class DiskFullError(StorageError):
    """No room left; nothing was changed."""


class SyncError(RegisterError):
    """The way to the hub, or what came over it."""

    exit_code = 4


class HubUnreachableError(SyncError):
    """The hub did not answer; nothing is lost, try again later."""


class BatchRefusedError(SyncError):
    """A batch or receipt is not what it says it is; it is kept aside with the cause."""


class MustFetchError(SyncError):
    """A register that was put back from a backup has not fetched what was entered after it; nothing may be entered."""

    def __init__(self) -> None:
        super().__init__(
            "本登记库由备份恢复，备份之后登记的内容可能还在市局汇集中心或其他工作站，须先取回才能继续办理。请先同步一次"
            "（窗口的“同步”页；命令行有网络时 petition-desk sync，没有网络时用 U 盘 batch write、batch read）；确实无处"
            "可取的，由系统管理员写明理由后继续：petition-desk sync --alone 理由。",
            "This register was restored from a backup. What was entered after the backup may be at the city's hub or "
            "at another workstation and is fetched before anything new is entered. Sync once (the window's Sync page; "
            "petition-desk sync with a line; batch write and batch read with a stick). If there is nobody to fetch "
            "from, the keeper says so: petition-desk sync --alone REASON.",
        )


class ChainError(SyncError):
    """Entries that do not continue what is held of their workstation; nothing was taken.

    `cause` is gap (entries before them are missing), fork (other entries are held under their numbers), prev, hash or
    commitment (altered), device (of several workstations); `seq` is the first entry concerned.
    """

    def __init__(self, cause: str, device: int, seq: int) -> None:
        if cause == "gap":
            zh, en = (
                "之前的日志尚未收到，请先收取前面的批次",
                "those before it have not come: take the earlier batches first",
            )
        elif cause == "fork":
            zh = "与本机已有的同号日志不同：可能有一台工作站由旧备份恢复后继续登记，或两台用了同一编号。请先查明"
            en = (
                "is not the entry held under its number: a workstation may have gone on from an old backup, or two have"
                " the same number. Find out first"
            )
        else:
            zh, en = f"校验不符（{cause}），内容被改动过", f"does not verify ({cause}): it was altered"
        super().__init__(
            f"工作站 {device} 的第 {seq} 条日志{zh}。未收入任何内容。",
            f"Entry {seq} of workstation {device} {en}. Nothing was taken.",
        )
        self.cause = cause
        self.device = device
        self.seq = seq


class NotYetHereError(SyncError):
    """A paper or scan whose row is here and whose bytes are still on the way from another workstation or the city."""

    def __init__(self) -> None:
        super().__init__(
            "这份文件还在传来的路上：登记它的工作站或市局尚未把内容传到本机。登记内容不受影响；请同步后再打开。",
            "This file is still on its way: the workstation (or the city) that entered it has not handed its bytes on"
            " yet. The records are complete; sync, then open it again.",
        )


class BugError(RegisterError):
    """A promise of ours was broken."""

    exit_code = 3
