"""A whole working day at the desk without a screen: what `petition-desk demo` does, and what it writes down about it.

Every figure in the summary is read back from the register, the hub or the files after the work; every check is a boolean that is true when it holds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from app import services
from app.common import plain
from models import clocks, door, errors
from models.desk import Desk
from models.records import AccusedDraft, AttachmentDraft, Filters, ItemDraft, PersonDraft

PRACTICE_MATTERS = 120
SEED = 20261121

Say = Callable[[str, str], None]


@dataclass(slots=True)
class Day:
    """The day's folder, what was checked, and what was made."""

    folder: Path
    passphrase: str
    say: Say
    checks: dict[str, bool] = field(default_factory=dict)
    letters: list[dict[str, Any]] = field(default_factory=list)
    due_dates: list[dict[str, Any]] = field(default_factory=list)
    digests: dict[str, Any] = field(default_factory=dict)
    acts: int = 0

    @property
    def register(self) -> Path:
        """The practice register."""
        return self.folder / "practice.register"

    @contextmanager
    def at_desk(self, login: str) -> Iterator[Desk]:
        """Unlock the register as one of the practice bureau's people."""
        desk = services.open_desk(self.register, login, self.passphrase)
        try:
            yield desk
        finally:
            desk.close()

    def check(self, name: str, holds: bool) -> None:
        """Write down a check."""
        self.checks[name] = bool(holds)

    def keep(self, desk: Desk, document: int, name: str) -> None:
        """Export a frozen letter and check that a second print is the same."""
        pdf = desk.document_pdf(document)
        door.write_file(self.folder / "letters" / f"{name}.pdf", pdf)
        row = desk.register.record("document", document) or {}
        self.letters.append({"file": f"letters/{name}.pdf", "kind": row.get("kind"), "number": row.get("number"), "code": row.get("code"), "sha256": row.get("sha256")})
        self.check(f"letter_{name}_reprints_the_same", desk.document_pdf(document) == pdf and pdf.startswith(b"%PDF"))


def run(folder: Path, passphrase: str, say: Say) -> dict[str, Any]:
    """Do the day in `folder` (emptied of an earlier day's register first); returns the summary and writes DIR/summary.json.

    Args:
        folder: Where everything goes.
        passphrase: Of all practice people.
        say: Tells a step, in Chinese and English.
    """
    day = Day(folder, passphrase, say)
    (folder / "letters").mkdir(parents=True, exist_ok=True)
    _make_register(day)
    claim = _counter(day)
    _whole_life(day, claim)
    _other_exits(day)
    _reception(day)
    _non_disclosure(day)
    _search(day)
    _hub(day)
    _keeping(day)
    summary = _summary(day)
    door.write_file(folder / "summary.json", json.dumps(summary, ensure_ascii=False, indent=2).encode())
    return summary


def _make_register(day: Day) -> None:
    from models.practice import build_practice

    for old in day.folder.glob("practice.register*"):
        old.unlink()
    build_practice(day.register, PRACTICE_MATTERS, seed=SEED, passphrase=day.passphrase)
    day.say(f"练习登记库：{PRACTICE_MATTERS} 件虚构事项", f"Practice register: {PRACTICE_MATTERS} invented matters")


def _counter(day: Day) -> int:
    """A visit from the counter, with receipt and registration form; received in March, so that its whole life can be shown."""
    with day.at_desk("dengji") as desk:
        draft = ItemDraft(
            channel="visit", received_on=date(2026, 3, 2), title="反映车辆被刮擦后调查结果迟迟未告知", purpose="solution",
            statement="今年一月我的电动车在育才路被一辆货车刮倒，城关派出所登记后一直没有告诉我调查结果。我两次到所询问，均答复还在办理。",
            facts="一月十二日十八时许，育才路菜市场门口。", reasons="登记时告知一周内答复，至今已近两个月。",
            claims=("告知调查结果", "赔偿修车费用 860 元"),
            people=(PersonDraft(name="𬱖文静", main=True, phone="19900000318", address="示例县城关镇育才路 12 号"),),
            attachments=(AttachmentDraft(name="修车收据.txt", media_type="text/plain", data="修车收据（复印件）：860 元".encode()),),
        )  # fmt: skip
        done = desk.register_item(draft)
        day.check("receipt_number_and_query_code", bool(done.item_number and len(done.query_code) == 8))
        for size in ("A5", "80mm"):
            pdf = desk.receipt_pdf(done.item, size)
            door.write_file(day.folder / "letters" / f"receipt-{size}.pdf", pdf)
            day.check(f"receipt_{size}_prints", pdf.startswith(b"%PDF"))
        form = desk.issue_letter(done.matter, "registration_form", {})
        day.keep(desk, form.id, "registration-form")
        again = desk.hints(ItemDraft(received_on=desk.on, people=(PersonDraft(name="𬱖文静", phone="199 0000 0318"),), statement="电动车被货车刮倒，调查结果没有告知"))
        day.check("earlier_matter_is_hinted", any(hint.matter == done.matter and hint.same == "both" for hint in again))
        kept = desk.matter(done.matter)
        day.check("attachment_reads_back", desk.attachment_bytes(kept.attachments[0].id) == draft.attachments[0].data)
    day.say(f"登记来访 {done.item_number}，查询码 {done.query_code}", f"Registered visit {done.item_number}, query code {done.query_code}")
    return done.matter


def _whole_life(day: Day, matter: int) -> None:
    """Screened, accepted, assigned, heard, extended, drafted, issued, served, carried out, closed: each step by who may take it."""
    with day.at_desk("xinfang") as desk:
        _refused(day, "accept_before_screening_is_refused", lambda: desk.perform(matter, "accept", {}))
        desk.perform(matter, "screen", {"category": "claim", "exit": "6", "purpose": "solution"})
        desk.perform(matter, "accept", {"on": "2026-03-09"})
        desk.perform(matter, "assign", {"unit": desk.units()[1][0], "handler": _person(desk, "chengban")})
    with day.at_desk("chengban") as desk:
        desk.perform(matter, "hear", {"on": "2026-03-20", "record": "电话并当面听取：要求书面告知结果，认可修车费以收据为准。"})
        _refused(day, "handler_may_not_extend", lambda: desk.perform(matter, "extend", {"days": 30, "reason": "待鉴定"}))
    with day.at_desk("fenguan") as desk:
        _refused(day, "extension_over_30_days_is_refused", lambda: desk.perform(matter, "extend", {"on": "2026-04-28", "days": 31, "reason": "待价格认定"}))
        desk.perform(matter, "extend", {"on": "2026-04-28", "days": 30, "reason": "车损价格认定结论尚未作出"})
        _refused(day, "second_extension_is_refused", lambda: desk.perform(matter, "extend", {"on": "2026-05-08", "days": 5, "reason": "再延"}))
    with day.at_desk("chengban") as desk:
        _refused(day, "draft_without_all_claims_is_refused", lambda: desk.perform(matter, "draft", {"facts": "查明", "basis": "规定", "claims": {1: "support"}}))
        desk.perform(matter, "draft", {
            "facts": "经调取育才路监控、询问双方并委托价格认定，刮擦由货车倒车所致，车损 860 元。",
            "basis": "《信访工作条例》第三十二条；《道路交通事故处理程序规定》。",
            "claims": {1: {"decision": "support", "grounds": "本意见书即书面告知调查结果。"},
                       2: {"decision": "explain", "grounds": "民事赔偿可由双方调解或向人民法院起诉。"}},
        })  # fmt: skip
    with day.at_desk("fenguan") as desk:
        desk.perform(matter, "issue", {"on": "2026-05-20"})
    with day.at_desk("chengban") as desk:
        desk.perform(matter, "serve", {"on": "2026-05-25", "way": "in_person", "receiver": "𬱖文静"})
        desk.perform(matter, "execute", {"on": "2026-05-25", "proof": "意见书已当面送达并讲明调查结果"})
    with day.at_desk("xinfang") as desk:
        _refused(day, "closing_inside_the_review_window_is_refused", lambda: desk.perform(matter, "close", {"on": "2026-06-01", "closing": "opinion"}))
        desk.perform(matter, "close", {"on": "2026-06-25", "closing": "opinion"})
        found = desk.matter(matter)
        day.check("matter_closed_after_its_whole_life", found.matter["state"] == "S13")
        names = {"acceptance_notice": "acceptance-notice", "extension_notice": "extension-notice", "answer": "answer"}
        for line in found.documents:
            if line.kind in names:
                day.keep(desk, line.id, names[line.kind])
        day.check("notice_extension_and_answer_issued", {line.kind for line in found.documents} >= set(names))
        _note_clocks(day, found)
        by_clock = {state.clock: state.due.last_on for state in found.clocks if state.due}
        day.check("notice_due_2026_03_17", by_clock.get("C1") == date(2026, 3, 17))
        day.check("answer_due_2026_06_08_with_extension", by_clock.get("C2") == date(2026, 6, 8))
        day.check("review_window_ends_2026_06_24", by_clock.get("C3") == date(2026, 6, 24))
        from models import issue

        answer = next(line for line in found.documents if line.kind == "answer")
        pdf = desk.document_pdf(answer.id)
        day.check("answer_verifies_by_code", issue.verify(desk.register, answer.code, by=desk.person)["genuine"])
        day.check("answer_verifies_by_file", issue.verify(desk.register, pdf, by=desk.person)["genuine"])
        altered = pdf[:-40] + bytes([pdf[-40] ^ 1]) + pdf[-39:]
        day.check("altered_answer_is_refused", not issue.verify(desk.register, altered, by=desk.person)["genuine"])
    day.say("一件事项从受理到办结，文书已出具并可验证", "One matter from acceptance to closing, its letters issued and verified")


def _other_exits(day: Day) -> None:
    """The other ways out: statutory route, not accepted, suggestion, accusation."""
    with day.at_desk("dengji") as desk:
        register = desk.register_item
        route = register(ItemDraft(channel="letter", received_on=date(2026, 11, 2), postmark_on=date(2026, 10, 30), purpose="appeal", title="不服行政处罚决定",
                                   statement="对罚款二百元的处罚决定不服，要求撤销。", claims=("撤销处罚决定",), people=(PersonDraft(name="单立新", main=True, address="示例县石桥乡"),)))  # fmt: skip
        again = register(ItemDraft(channel="visit", received_on=date(2026, 11, 3), purpose="solution", title="同一事项办理期间再次到上级走访",
                                   statement="已向县局提出，又到市局反映同一问题，市局转回。", claims=("尽快答复",), people=(PersonDraft(name="解永康", main=True, address="示例县城关镇"),)))  # fmt: skip
        idea = register(ItemDraft(channel="call", received_on=date(2026, 11, 4), purpose="suggestion", title="建议延长户籍窗口中午服务时间",
                                  statement="建议户籍窗口中午不休息，方便上班的人。", people=(PersonDraft(name="曾小雨", main=True, phone="19900000327"),)))  # fmt: skip
    with day.at_desk("xinfang") as desk:
        for matter, category, exit_ in ((route.matter, "claim", "4"), (again.matter, "claim", "6"), (idea.matter, "suggestion", "")):
            desk.perform(matter, "screen", {"category": category, "exit": exit_})
        _refused(day, "statutory_claim_is_not_accepted_as_petition", lambda: desk.perform(route.matter, "accept", {}))
        desk.perform(route.matter, "direct", {"on": "2026-11-06"}, {"route": "行政复议或者行政诉讼", "organ": "示例县人民政府或者示例县人民法院"})
        desk.perform(again.matter, "refuse", {"on": "2026-11-06", "ground": "in_time_above"})
        desk.perform(idea.matter, "reply", {"on": "2026-11-05", "answer": "已电话答复：本月起户籍窗口中午安排值班。"})
        for matter, kind, name in ((route.matter, "route_notice", "route-notice"), (again.matter, "non_acceptance_notice", "non-acceptance-notice")):
            line = next((line for line in desk.matter(matter).documents if line.kind == kind), None)
            day.check(f"{kind}_issued", line is not None)
            if line:
                day.keep(desk, line.id, name)
    day.say("告知法定途径、不予受理、答复建议", "Directed to a statutory route, not accepted, suggestion answered")


def _reception(day: Day) -> None:
    """The chief receives a visitor, fixes unit and day; from there the ordinary clocks run."""
    with day.at_desk("juzhang") as desk:
        done = desk.register_item(ItemDraft(
            channel="visit", received_on=desk.on, reception="fixed", purpose="solution", title="局长接待：反映邻里纠纷多次报警未化解",
            statement="与邻居因通道堆物多次争执，三次报警，要求彻底解决。", claims=("组织双方调解",), people=(PersonDraft(name="仇大海", main=True, phone="19900000336"),),
        ))  # fmt: skip
        desk.perform(done.matter, "note", {"text": "局长接待意见：由城关派出所牵头，一周内组织双方调解并书面反馈。"})
        found = desk.matter(done.matter)
        day.check("reception_is_registered_with_the_chiefs_demand", found.items[0]["reception"] == "fixed" and any("局长接待意见" in text["body"] for text in found.passages))
        _note_clocks(day, found)


def _non_disclosure(day: Day) -> None:
    """An accusation: the person named sees neither matter nor hit nor count; others see only the outline."""
    with day.at_desk("chengban") as desk:
        before = desk.count(Filters())
        accused = desk.person
    with day.at_desk("xinfang") as desk:
        done = desk.register_item(ItemDraft(
            channel="web", received_on=desk.on, purpose="accusation", title="举报承办民警", anonymous=True, statement="举报该民警泄露举报材料，词：琥珀色笔记本。",
            accused=(AccusedDraft(name=accused.name, staff=accused.id),),
        ))  # fmt: skip
        day.check("reader_finds_the_sealed_accusation", desk.search("琥珀色笔记本", total=True).total == 1)
    with day.at_desk("chengban") as desk:
        day.check("accused_count_is_unchanged", desk.count(Filters()) == before)
        day.check("accused_search_finds_nothing", desk.search("琥珀色笔记本", total=True).total == 0)
        _refused(day, "accused_may_not_open_it", lambda: desk.matter(done.matter))
    with day.at_desk("dengji") as desk:
        found = desk.matter(done.matter)
        day.check("others_see_the_outline_only", found.sight == "outline" and not found.passages and "title" not in found.matter)


def _search(day: Day) -> None:
    with day.at_desk("xinfang") as desk:
        day.check("search_by_rare_name", desk.search("𬱖文静", total=True).total == 1)
        day.check("search_by_initials", any(line.who == "单立新" for line in desk.search("slx").lines))
        day.check("search_by_phone_tail", any(line.who == "𬱖文静" for line in desk.search("00000318").lines))
        day.check("search_takes_signs_literally", desk.search("%*\"NEAR(", total=True).total == 0)


def _hub(day: Day) -> None:
    """A real hub process on loopback; the day's entries by network, then more by file; the digests of both sides compared."""
    hub = day.folder / "hub"
    if hub.exists():
        import shutil

        shutil.rmtree(hub)
    _run_hub("init", str(hub), "--city", "示例市公安局")
    server = subprocess.Popen(
        [sys.executable, "-m", "app.hub", "serve", str(hub), "--host", "127.0.0.1", "--port", "0", "--json"], stdout=subprocess.PIPE, env=_hub_env()
    )
    try:
        assert server.stdout is not None  # noqa: S101  asked for above
        ready = json.loads(server.stdout.readline())
        address = f"https://127.0.0.1:{ready['port']}"
        offer, answer = day.folder / "enrolment.offer", day.folder / "enrolment.answer"
        _run_hub("enrol", str(hub), "--county", "990101", "--out", str(offer), "--address", address)
        with day.at_desk("guanli") as desk:
            services.enrol(desk.register, offer, answer)
            report = services.sync_by_network(desk.register)
            day.check("network_all_receipted", report.unsent == 0 and report.trouble is None and report.sent_entries > 0)
            day.check("network_digests_agree", report.agreement is not None and report.agreement.whole)
            day.digests["network"] = _agreed(report)
            again = services.sync_by_network(desk.register)
            day.check("second_round_has_nothing_to_do", again.sent_entries == 0 and again.unsent == 0)
    finally:
        server.terminate()
        server.wait(20)
    with day.at_desk("guanli") as desk:
        gone = services.sync_by_network(desk.register)
        desk.set_setting("demo.note", "写在文件交换之前")
        day.check("hub_gone_is_told_and_nothing_lost", gone.trouble is not None or gone.unsent == 0)
        stick = day.folder / "stick"
        services.sync_by_folder(desk.register, stick)
    _run_hub("batch", "read", str(hub), str(stick))
    _run_hub("batch", "read", str(hub), str(stick))
    with day.at_desk("guanli") as desk:
        report = services.receipts_from(desk.register, stick)
        light = desk.sync_state()
        day.check("file_all_receipted", report.trouble is None and light.last_receipt_at is not None and light.unsent <= 1)
        day.check("file_digests_agree", report.agreement is not None and report.agreement.whole)
        day.digests["file"] = _agreed(report)
    verified = json.loads(_run_hub("verify", str(hub), "--json"))
    day.check("hub_verifies", bool(verified.get("verified", verified.get("good", True))))
    day.say("市局汇集中心已确认，网络与文件两种方式摘要一致", "The city hub has confirmed; digests agree by network and by file")


def _agreed(report: Any) -> dict[str, Any]:
    found = report.agreement
    return {"agrees": bool(found and found.whole), "words": str(found.message()) if found else ""}


def _keeping(day: Day) -> None:
    from models.backup import restore

    with day.at_desk("guanli") as desk:
        checks = desk.verify()
        for check in checks:
            day.check(f"verify_{check.name.replace(' ', '_')}", check.holds)
        done = desk.backup(day.folder / "practice.backup")
        rows = done.rows["matter"]
    restored = day.folder / "restored" / "practice.register"
    for old in (day.folder / "restored").glob("*"):
        old.unlink()
    restore(day.folder / "practice.backup", restored, "guanli", day.passphrase)
    desk = services.open_desk(restored, "xinfang", day.passphrase)
    day.check("backup_restores_whole", desk.register.rows("SELECT count(*) FROM matter")[0][0] == rows)
    desk.close()
    for name, file in (("wrong_passphrase_is_told", lambda: services.open_desk(day.register, "xinfang", "not this one")),):
        _refused(day, name, file, errors.WrongPassphraseError)
    day.say("检验通过，备份已验证并试恢复", "Verified; the backup was proved and restored")


def _summary(day: Day) -> dict[str, Any]:
    with day.at_desk("xinfang") as desk:
        count = {name: desk.register.rows(f"SELECT count(*) FROM {name}")[0][0] for name in ("item", "matter", "document", "entry", "person", "event")}
        head = desk.register.head.hex()
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "passed": all(day.checks.values()), "checks": day.checks,
        "counts": {"items": count["item"], "matters": count["matter"], "letters": count["document"], "acts": count["entry"],
                   "people": count["person"], "events": count["event"]},
        "letters": day.letters, "due_dates": day.due_dates, "digests": day.digests, "chain_head": head, "register": day.register.name,
    }  # fmt: skip


def _note_clocks(day: Day, found: Any) -> None:
    for state in found.clocks:
        if state.due:
            day.due_dates.append(plain({
                "matter": found.number, "clock": state.clock, "start": state.start_on, "raw_end": state.due.raw_on, "due": state.due.last_on,
                "status": state.status, "derivation": {"zh": clocks.explain(state.due, "zh"), "en": clocks.explain(state.due, "en")},
            }))  # fmt: skip


def _refused(day: Day, name: str, work: Callable[[], object], kind: type[errors.RegisterError] = errors.RuleError) -> None:
    try:
        work()
    except kind:
        day.check(name, True)
    else:
        day.check(name, False)


def _person(desk: Desk, login: str) -> int:
    return next(person.id for person in desk.staff() if person.login == login)


def _hub_env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _run_hub(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "app.hub", *arguments], capture_output=True, text=True, env=_hub_env(), check=False)
    if done.returncode:
        raise errors.SyncError(f"petition-hub {arguments[0]}：{done.stderr.strip()}", f"petition-hub {arguments[0]}: {done.stderr.strip()}")
    return done.stdout
