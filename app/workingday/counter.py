"""At the counter: registration, receipt, hints, an accusation, search."""

from __future__ import annotations

from datetime import date

from app.workingday.day import Day, refused
from models import door
from models.records import AccusedDraft, AttachmentDraft, Filters, ItemDraft, PersonDraft


def counter(day: Day) -> int:
    """Register a visit with receipt and form; received in March, so that its whole life can be shown."""
    with day.at_desk("dengji") as desk:
        draft = ItemDraft(
            channel="visit",
            received_on=date(2026, 3, 2),
            title="反映车辆被刮擦后调查结果迟迟未告知",
            purpose="solution",
            statement="今年一月我的电动车在育才路被一辆货车刮倒，城关派出所登记后一直没有告诉我调查结果。我两次到所询问，均答复还在办理。",
            facts="一月十二日十八时许，育才路菜市场门口。",
            reasons="登记时告知一周内答复，至今已近两个月。",
            claims=("告知调查结果", "赔偿修车费用 860 元"),
            people=(PersonDraft(name="𬱖文静", main=True, phone="19900000318", address="示例县城关镇育才路 12 号"),),
            attachments=(
                AttachmentDraft(
                    name="修车收据.txt", media_type="text/plain", data="修车收据（复印件）：860 元".encode()
                ),
            ),
        )
        done = desk.register_item(draft)
        day.check("receipt_number_and_query_code", bool(done.item_number and len(done.query_code) == 8))
        for size in ("A5", "80mm"):
            pdf = desk.receipt_pdf(done.item, size)
            door.write_file(day.folder / "letters" / f"receipt-{size}.pdf", pdf)
            day.check(f"receipt_{size}_prints", pdf.startswith(b"%PDF"))
        form = desk.issue_letter(done.matter, "registration_form", {})
        day.keep(desk, form.id, "registration-form")
        again = desk.hints(
            ItemDraft(
                received_on=desk.on,
                people=(PersonDraft(name="𬱖文静", phone="199 0000 0318"),),
                statement="电动车被货车刮倒，调查结果没有告知",
            )
        )
        day.check("earlier_matter_is_hinted", any(hint.matter == done.matter and hint.same == "both" for hint in again))
        kept = desk.matter(done.matter)
        day.check("attachment_reads_back", desk.attachment_bytes(kept.attachments[0].id) == draft.attachments[0].data)
    day.say(
        f"登记来访 {done.item_number}，查询码 {done.query_code}",
        f"Registered visit {done.item_number}, query code {done.query_code}",
    )
    return done.matter


def non_disclosure(day: Day) -> None:
    """An accusation: the person named sees neither matter nor hit nor count; others see only the outline."""
    with day.at_desk("chengban") as desk:
        before = desk.count(Filters())
        accused = desk.person
    with day.at_desk("xinfang") as desk:
        done = desk.register_item(
            ItemDraft(
                channel="web",
                received_on=desk.on,
                purpose="accusation",
                title="举报承办民警",
                anonymous=True,
                statement="举报该民警泄露举报材料，词：琥珀色笔记本。",
                accused=(AccusedDraft(name=accused.name, staff=accused.id),),
            )
        )
        day.check("reader_finds_the_sealed_accusation", desk.search("琥珀色笔记本", total=True).total == 1)
    with day.at_desk("chengban") as desk:
        day.check("accused_count_is_unchanged", desk.count(Filters()) == before)
        day.check("accused_search_finds_nothing", desk.search("琥珀色笔记本", total=True).total == 0)
        refused(day, "accused_may_not_open_it", lambda: desk.matter(done.matter))
    with day.at_desk("dengji") as desk:
        found = desk.matter(done.matter)
        day.check(
            "others_see_the_outline_only",
            found.sight == "outline" and not found.passages and "title" not in found.matter,
        )


def search(day: Day) -> None:
    """Search by a rare name, initials, the tail of a telephone number, and signs."""
    with day.at_desk("xinfang") as desk:
        day.check("search_by_rare_name", desk.search("𬱖文静", total=True).total == 1)
        day.check("search_by_initials", any(line.who == "单立新" for line in desk.search("slx").lines))
        day.check("search_by_phone_tail", any(line.who == "𬱖文静" for line in desk.search("00000318").lines))
        day.check("search_takes_signs_literally", desk.search('%*"NEAR(', total=True).total == 0)
