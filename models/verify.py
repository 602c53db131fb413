"""Proving a register: pages as the cipher sealed them, the file's structure, the chain, tables equal to their journal.

The report says for each check whether it holds and, if not, where it breaks and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models import arrivals, attachments, gaps, journal, replay
from models.errors import Language, Message

if TYPE_CHECKING:
    from models.register import Register


_GAPS_NAMED = 5
_NAMED = 10
"""Entries in quarantine that are named; the sync screen has all."""
_LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, whether it holds, and what was found."""

    name: str
    holds: bool
    finding: Message


def verify(register: Register, progress: replay.Progress | None = None) -> list[Check]:
    """Run all checks, the cheap ones first."""
    checks = [_pages(register), _structure(register), *_chains(register), _numbers(register), _digests(register)]
    checks += [_files(register), *_quarantine(register)]
    if all(check.holds for check in checks):
        checks.append(_rebuild(register, progress))
    return checks


def _pages(register: Register) -> Check:
    bad = register.rows("PRAGMA cipher_integrity_check")
    return Check(
        "pages",
        not bad,
        Message(
            "加密页完整" if not bad else f"{len(bad)} 处加密页被改动或损坏，请从备份恢复",
            "cipher pages whole" if not bad else f"{len(bad)} cipher pages altered or damaged: restore a backup",
        ),
    )


def _structure(register: Register) -> Check:
    found = [row[0] for row in register.rows("PRAGMA integrity_check(10)")]
    foreign = register.rows("PRAGMA foreign_key_check")
    good = found == ["ok"] and not foreign
    return Check(
        "structure",
        good,
        Message(
            "文件结构完整" if good else f"文件结构有误：{'；'.join(found[:3])}；{len(foreign)} 处引用断开",
            "file structure whole"
            if good
            else f"file structure broken: {'; '.join(found[:3])}; {len(foreign)} references broken",
        ),
    )


def _chains(register: Register) -> list[Check]:
    checks = []
    for (device,) in register.rows("SELECT DISTINCT device FROM entry ORDER BY device"):
        head, good, broken = journal.check_chain(replay.entries_of(register.connection, device=device))
        name = f"chain {device}"
        if broken is None:
            checks.append(
                Check(
                    name,
                    True,
                    Message(
                        f"工作站 {device} 日志链完整：{good} 条，链头 {head.hex()[:16]}",
                        f"workstation {device}: chain of {good} entries whole, head {head.hex()[:16]}",
                    ),
                )
            )
        else:
            checks.append(
                Check(
                    name,
                    False,
                    Message(
                        f"工作站 {device} 日志链在第 {broken.seq} 条断开（{broken.cause}）",
                        f"workstation {device}: chain broken at entry {broken.seq} ({broken.cause})",
                    ),
                )
            )
    return checks


def _numbers(register: Register) -> Check:
    found = gaps.missing(register)
    named_zh, named_en = (
        "、".join(
            f"{gaps.series_word(one.series, language)}〔{one.year}〕{one.first}{f'–{one.last}' * (one.count > 1)}"
            for one in found[:_GAPS_NAMED]
        )
        for language in _LANGUAGES
    )
    more = f" +{len(found) - _GAPS_NAMED}" if len(found) > _GAPS_NAMED else ""
    return Check(
        "numbers",
        not found,
        Message(
            "编号都有着落" if not found else f"编号去向不明：{named_zh}{more}。见 station numbers",
            "every number is accounted for"
            if not found
            else f"numbers not accounted for: {named_en}{more}; see station numbers",
        ),
    )


def _digests(register: Register) -> Check:
    wrong = replay.wrong_digests(register.connection)
    return Check("digests", not wrong, Message(
        "核对值与各表一致" if not wrong else f"{wrong} 个核对值与各表不符，请运行 rebuild",
        "digests equal their tables" if not wrong else f"{wrong} digests differ from their tables: run rebuild",
    ))  # fmt: skip


def _files(register: Register) -> Check:
    """Compare the bytes of each stored file that is here with its hash; one that is still on its way is none yet."""
    whole, bad = attachments.check_all(register)
    named = ", ".join(name[:16] for name in bad[:_NAMED])
    return Check("files", not bad, Message(
        f"{whole} 个附件与其校验值一致" if not bad
        else f"{len(bad)} 个附件与其校验值不符（{named}），请从备份恢复，或由原工作站重新传送",
        f"{whole} files equal their hashes" if not bad
        else f"{len(bad)} files differ from their hashes ({named}): restore a backup, or let the workstation that "
        "entered them send them again",
    ))  # fmt: skip


def _quarantine(register: Register) -> list[Check]:
    """Name the entries that are held and could not be laid over the rows; they are whole, so the check holds."""
    found = arrivals.quarantined(register.connection)
    if not found:
        return []
    named = ", ".join(f"{line.device}-{line.seq} ({line.code})" for line in found[:_NAMED])
    more = len(found) - _NAMED
    return [Check("quarantine", True, Message(
        f"{len(found)} 条日志完整保存、尚未采用，在隔离区待处理：{named}{f'，另有 {more} 条' if more > 0 else ''}",
        f"{len(found)} entries are kept whole and not used yet, in quarantine: {named}"
        f"{f', and {more} more' if more > 0 else ''}",
    ))]  # fmt: skip


def _rebuild(register: Register, progress: replay.Progress | None) -> Check:
    different, lost = replay.compare(register, progress)
    note_zh = f"（{lost.entries} 条内容已依法封存或销毁，其写下的内容不在比对之列）" if lost.entries else ""
    note_en = f" (what {lost.entries} sealed or disposed entries wrote is left out)" if lost.entries else ""
    if not different:
        return Check("rebuild", True, Message(
            f"由日志重建的各表与现有各表一致{note_zh}", f"tables rebuilt from the journal equal those here{note_en}"
        ))  # fmt: skip
    where = ", ".join(f"{name}: {count}" for name, count in different.items())
    return Check("rebuild", False, Message(
        f"由日志重建的表与现有表不一致：{where}{note_zh}。请先备份，再用 rebuild 重建",
        f"tables rebuilt from the journal differ: {where}{note_en}. Back up, then run rebuild",
    ))  # fmt: skip
