"""Pages and pictures shown from bytes in memory. QtPdf is imported when the first page is shown, not before.

No plaintext leaves memory: the document reads from a `QBuffer`; only "save as" and printing write, and the person asks for both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QStackedLayout, QWidget

from ui.parts.text import empty
from ui.tokens import Look
from ui.words import t

if TYPE_CHECKING:
    from PySide6.QtPdf import QPdfDocument
    from PySide6.QtPrintSupport import QPrinter

PRINT_DPI = 300
POINTS_PER_INCH = 72


class PdfPane(QWidget):
    """Shows a PDF at the width of the pane; keeps the place when the bytes change under the reader."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        from PySide6.QtPdf import QPdfDocument
        from PySide6.QtPdfWidgets import QPdfView

        self._stack = QStackedLayout(self)
        self._waiting = empty(t("letter.laying_out"), t("letter.laying_out_advice"), look, meaning="document")
        self._stack.addWidget(self._waiting)
        self.view = QPdfView(self)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setAccessibleName(t("letter.page"))
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._stack.addWidget(self.view)
        self.document = QPdfDocument(self)
        self.view.setDocument(self.document)
        self._buffer: QBuffer | None = None
        self.data = b""

    def show_bytes(self, data: bytes) -> None:
        """Show these bytes; the same bytes again change nothing."""
        if data == self.data:
            return
        place = self.view.verticalScrollBar().value()
        self.data = data
        buffer = QBuffer(self)
        buffer.setData(QByteArray(data))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(buffer)
        if self._buffer is not None:
            self._buffer.deleteLater()
        self._buffer = buffer
        self._stack.setCurrentWidget(self.view)
        self.view.verticalScrollBar().setValue(place)

    @property
    def pages(self) -> int:
        """Return the number of pages shown."""
        return self.document.pageCount()


class ImagePane(QScrollArea):
    """Shows a picture, no larger than it is, fitted to the width."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._image = QPixmap()
        self._image.loadFromData(QByteArray(data))
        self._label = QLabel()
        self._label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setWidget(self._label)

    @property
    def readable(self) -> bool:
        """Return whether it is a picture at all."""
        return not self._image.isNull()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the width."""
        super().resizeEvent(event)
        if self.readable:
            width = min(self._image.width(), self.viewport().width())
            self._label.setPixmap(self._image.scaledToWidth(max(1, width), Qt.TransformationMode.SmoothTransformation))


def page_image(document: QPdfDocument, page: int, dpi: int) -> QImage:
    """Return a page drawn at a resolution, on white."""
    points = document.pagePointSize(page)
    size = QSize(round(points.width() / POINTS_PER_INCH * dpi), round(points.height() / POINTS_PER_INCH * dpi))
    drawn = document.render(page, size)
    sheet = QImage(size, QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.white)
    painter = QPainter(sheet)
    painter.drawImage(QPoint(0, 0), drawn)
    painter.end()
    return sheet


def print_pdf(parent: QWidget, data: bytes, title: str) -> bool:
    """Ask for a printer and print, page by page in its true size; False when the person thought better of it.

    This is the system's own dialog, the one modal window besides choosing files.
    """
    from PySide6.QtPdf import QPdfDocument
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    dialog = QPrintDialog(printer, parent)
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return False
    document = QPdfDocument()
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    draw_pages(document, printer)
    document.close()
    return True


def draw_pages(document: QPdfDocument, printer: QPrinter) -> None:
    """Draw all pages of a document on a printer in their true size."""
    painter = QPainter()
    for page in range(document.pageCount()):
        points = document.pagePointSize(page)
        size = QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
        printer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
        printer.setFullPage(True)
        if page == 0:
            painter.begin(printer)
        else:
            printer.newPage()
        per_point = printer.resolution() / POINTS_PER_INCH
        painter.drawImage(
            QRectF(0, 0, points.width() * per_point, points.height() * per_point), page_image(document, page, PRINT_DPI)
        )
    painter.end()
