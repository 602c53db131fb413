"""Papers of the bureau that belong to no single matter: ledgers, reports, briefs, notices, circulars.

    content.Sheet(...)                              what it says: blocks, one under the other
    pdf.to_pdf(sheet, sealed=None) -> bytes         printed: the same sheet, the same bytes
    pdf.page_count(bytes) -> int
    xlsx.to_xlsx(sheet | [sheets], path)            a workbook with real types; written beside and renamed
    issue.issue(act, sheet, subject="", facts=None) -> id     numbered where its kind is, signed, frozen
    issue.pdf_of(register, id, by) -> bytes         the frozen bytes
    issue.spoil(act, id, reason)
    issue.listed(register, by, kind="") -> lines

reportlab and openpyxl are imported on first need, not with this package.
"""
