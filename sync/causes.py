"""Why a batch, a receipt or an entry is refused: one code, one sentence in each language, for every cause.

The codes travel in refusals and quarantine lists and are part of docs/format/batch.md; a code is never given a second
meaning. Each sentence says what was wrong, where, and what to do. Nothing that is refused is thrown away: the hub
keeps the file, the desk keeps its entries unsent until a receipt covers them.
"""

from __future__ import annotations

from models.errors import BatchRefusedError, Message, SyncError

_CAUSES: dict[str, tuple[str, str]] = {
    # the file as a whole
    "not_a_batch": (
        "{what} 不是信访登记台的同步文件。请检查是否拿错了文件。",
        "{what} is not a sync file of Petition Desk. Check that it is the right file.",
    ),
    "newer": (
        "{what} 由更新版本的程序写成（格式 {found}，本程序识别到 {known}）。请先升级本程序；文件已保留。",
        "{what} was written by a newer program (format {found}, this one knows {known}). Upgrade this program "
        "first; the file is kept.",
    ),
    "cut": (
        "{what} 不完整：应有 {expected} 字节，只有 {found} 字节。请重新复制或重新发送。",
        "{what} is cut short: {expected} bytes expected, {found} found. Copy or send it again.",
    ),
    "altered": (
        "{what} 的内容被改动或损坏（{where}）。没有采用其中任何内容，请重新发送。",
        "{what} was altered or damaged ({where}). Nothing of it was used; send it again.",
    ),
    "too_large": (
        "{what} 过大（{found} 字节，上限 {limit}）。请检查是否拿错了文件。",
        "{what} is too large ({found} bytes, the limit is {limit}). Check that it is the right file.",
    ),
    # who it is from and for
    "foreign_hub": (
        "{what} 是发给另一个汇集中心（{found}）的，本中心是 {known}。请交给原中心，或重新办理接入。",
        "{what} is sealed for another hub ({found}); this one is {known}. Take it there, or enrol again.",
    ),
    "unknown_county": (
        "{what} 来自未接入的单位 {county}。请先为该单位办理接入，再重新读取。",
        "{what} comes from {county}, which is not enrolled here. Enrol it first, then read the file again.",
    ),
    "unknown_device": (
        "{what} 来自单位 {county} 未接入的工作站 {device}。请先为该工作站办理接入，再重新读取。",
        "{what} comes from workstation {device} of {county}, which is not enrolled here. Enrol it first, then read "
        "the file again.",
    ),
    "wrong_signature": (
        "{what} 的签名与 {signer} 登记的密钥不符。没有采用其中任何内容；请与对方核对密钥，必要时重新办理接入。",
        "The signature of {what} does not fit the key registered for {signer}. Nothing of it was used; compare the "
        "keys, and enrol again if needed.",
    ),
    "unknown_author": (
        "{what} 由 {device} 号工作站写成，本机还不知道它的密钥，可能它的登记尚未到达。内容没有丢失，其他内容到达后"
        "自动再试。",
        "{what} was written by workstation {device}, whose key is not known here yet: its registration has probably "
        "not arrived. Nothing is lost; it is tried again when more has arrived.",
    ),
    "other_county": (
        "{what} 是给 {found} 的，不是给本登记库（{known}）的。没有采用。",
        "{what} is meant for {found}, not for this register ({known}). It was not used.",
    ),
    # the journal inside
    "content": (
        "{what} 的内容无法解读（{where}）。已原样保留，请升级发送方程序后重发，并告知管理员。",
        "The content of {what} cannot be read ({where}). It is kept as it is; upgrade the sender, send it again and "
        "tell the keeper.",
    ),
    "chain_break": (
        "{what} 中第 {seq} 条流水与前后不衔接（{where}）。整批已保留未采用；请在工作站运行 verify 检查登记库。",
        "Entry {seq} in {what} does not fit the chain ({where}). The batch is kept and not used; run verify on the "
        "workstation.",
    ),
    "fork": (
        "{what} 的第 {seq} 条流水与中心已收到的不同：该登记库可能由旧备份恢复后继续登记过。双方原有内容都已保留；请在该"
        "工作站运行 petition-desk repair，取回中心的流水并把本机的内容重新登记。",
        "Entry {seq} of {what} differs from what the hub already holds: the register probably went on from an older "
        "backup. Both are kept; run petition-desk repair at that workstation: it fetches the hub's entries and enters "
        "its own again.",
    ),
    "fork_of": (
        "{what} 的第 {seq} 条流水与本机已有的同号流水不同：{device} 号工作站可能由旧备份恢复后继续登记过。双方内容都已"
        "保留；请在该工作站运行 petition-desk repair；那里没有要修复的，就在本机联网运行一次。然后各自再同步。",
        "Entry {seq} of {what} is not the one held here under that number: workstation {device} probably went on from "
        "an older backup. Both are kept; run petition-desk repair at that workstation, or here with a line if there is "
        "nothing to repair there; then sync both again.",
    ),
    "repair_open": (
        "修复尚未完成：本机有 {count} 条流水已保留，还没有重新登记。请再运行一次 petition-desk repair。",
        "The repair is not finished: {count} entries of this workstation are kept and not entered again yet. Run "
        "petition-desk repair once more.",
    ),
    "restored": (
        "中心已收到本工作站第 {found} 条流水，而本登记库只到第 {known} 条：登记库可能是由旧备份恢复的。请停止录入；有网"
        "络时再同步一次即可取回，用 U 盘时请先让中心读取并写出（batch read、batch write）。",
        "The hub holds this workstation's entries up to {found}, but this register ends at {known}: it was probably "
        "restored from an older backup. Stop entering; with a line, sync once more to fetch them, by stick let the "
        "hub read and write it first (batch read, batch write).",
    ),
    "elsewhere": (
        "{device} 号工作站有本工作站第 {found} 条及以前的流水，中心和本登记库只到第 {known} 条。请先用 U 盘在该工作站写"
        "出、在本工作站读取（batch write、batch read），再同步；该工作站已不在的，由系统管理员说明（sync --alone）。",
        "Workstation {device} holds entries of this one up to {found}; the hub and this register end at {known}. Bring "
        "them by stick first (batch write there, batch read here), then sync; if that workstation is gone, the keeper "
        "says so (sync --alone).",
    ),
    "not_lost": (
        "{what}：{device} 号工作站交来以本工作站名义登记的流水，而本登记库没有缺失，因此没有采用。如果登记库文件是手工"
        "拷回的旧文件，请改用 restore 由备份恢复，再取回；否则请查明 {device} 号工作站为何写出这些流水。",
        "{what}: workstation {device} hands over entries in the name of this one, which lacks none; they were not "
        "taken. If the register's file was put back by hand, restore it from a backup with restore, then fetch; "
        "otherwise find out why workstation {device} wrote them.",
    ),
    "hub_behind": (
        "中心只有本工作站第 {found} 条及以前的流水，而它曾签收到第 {known} 条：中心可能是由旧备份恢复的。本机没有丢"
        "失任何内容；请与市局核实后重新发送（sync --again）。",
        "The hub holds this workstation's entries only up to {found}, although it receipted up to {known}: the hub "
        "was probably restored from an older backup. Nothing is lost here; check with the city, then send again "
        "(sync --again).",
    ),
    # one entry
    "bad_payload": (
        "第 {seq} 条流水的内容不是本登记库的格式（{where}）。其余照常接收；请在原工作站更正后重新登记该项。",
        "The content of entry {seq} is not of this register's form ({where}). The rest was taken; correct it at the "
        "workstation with a new act.",
    ),
    "unknown_column": (
        "第 {seq} 条流水含有本中心尚不认识的栏目（{where}），可能来自更新版本。已保留，中心升级后自动采用。",
        "Entry {seq} has a column that this hub does not know yet ({where}), probably from a newer program. It is "
        "kept and used once the hub is upgraded.",
    ),
    "row_exists": (
        "第 {seq} 条流水要新建的记录已经存在（{where}）。已保留待人工核对，其余照常接收。",
        "Entry {seq} makes a row that exists already ({where}). It waits for a person; the rest was taken.",
    ),
    "not_the_citys": (
        "市局的第 {seq} 条流水要改动县局的记录（{where}）。市局只能发来文，因此未采用；已保留，其余照常接收。",
        "Entry {seq} of the city changes a county's own record ({where}). The city sends papers and nothing else, so "
        "it was not used; it is kept, and the rest was taken.",
    ),
    # stored files
    "other_receiver": (
        "{what} 是封给另一接收方（{found}）的，这里是 {known}。没有采用；请交给原接收方。",
        "{what} is sealed to another receiver ({found}); this one is {known}. It was not used; take it there.",
    ),
    "file_hash": (
        "文件 {what} 的各分块合起来与登记库记载的校验值不符，已全部弃用，将重新索取；请核对发送方的登记库（verify）。",
        "The chunks of file {what} do not make up the file that the register names: none was used, and they are asked "
        "for again. Check the sender's register (verify).",
    ),
    "file_damaged": (
        "本登记库中文件 {what} 的内容与登记时的校验值不符，未发送。请运行 verify 检查，并从备份恢复该文件。",
        "The bytes of file {what} in this register are not those that were entered; it was not sent. Run verify, and "
        "restore the file from a backup.",
    ),
    "file_room": (
        "{where} 剩余空间不足（{free} MiB），文件暂不接收，登记内容照常收发。请清理或扩充磁盘，之后自动续传。",
        "There is little room left at {where} ({free} MiB): files wait, records go on. Make room there; what waits "
        "then goes on by itself.",
    ),
    "file_unknown": (
        "这里没有文件 {what} 的第 {n} 块。请稍后再试；文件仍在登记它的工作站。",
        "Chunk {n} of file {what} is not here. Try again later; the file is still at the workstation that entered it.",
    ),
    # enrolment
    "token_unknown": (
        "接入答复所用的一次性口令不是本中心发出的，或单位代码不符。请用本中心发出的接入文件重新生成答复。",
        "The one-time token of this enrolment answer was not given out by this hub, or for another county. Make the "
        "answer again from this hub's offer file.",
    ),
    "token_used": (
        "这份接入文件已被单位 {county} 的工作站 {device} 用过，不能再用。请由中心另发一份。",
        "This enrolment offer was already used by workstation {device} of {county}. Ask the hub for a new one.",
    ),
    "device_taken": (
        "单位 {county} 的 {device} 号工作站已用另一套密钥接入。请为新工作站换一个编号，或由中心撤销原接入。",
        "Workstation {device} of {county} is already enrolled with other keys. Give the new workstation another "
        "number, or have the hub remove the old one.",
    ),
}  # fmt: skip


class RefusedError(BatchRefusedError):
    """Refused for the cause `code`; `facts` fill its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        message = words(code, **facts)
        super().__init__(message.zh, message.en)
        self.code = code
        self.facts = facts


class NotEnrolledError(SyncError):
    """The register has no hub yet."""

    def __init__(self) -> None:
        super().__init__(
            "本登记库尚未接入市局汇集中心。请用中心发来的接入文件办理接入（petition-desk enrol 文件）。",
            "This register is not enrolled with a city hub. Enrol it with the offer file from the hub "
            "(petition-desk enrol FILE).",
        )


def codes() -> tuple[str, ...]:
    """Return every code there is."""
    return tuple(_CAUSES)


def words(code: str, **facts: object) -> Message:
    """Return the sentence of a cause; raises KeyError when a fact or the code is missing."""
    zh, en = _CAUSES[code]
    return Message(zh.format(**facts), en.format(**facts))
