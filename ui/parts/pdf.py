"""Pages and pictures shown from bytes in memory. QtPdf is imported when the first page is shown, not before.

No plaintext leaves memory: the document reads from a `QBuffer`; only "save as" and printing write, and the person asks
for both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPoint, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from ui.tokens import Look
from ui.words import t

if TYPE_CHECKING:
    from PySide6.QtPdf import QPdfDocument
    from PySide6.QtPrintSupport import QPrinter

PRINT_DPI = 300
LARGEST_SCALE = 1.5
"""A page on the screen is at most this many pixels to the point at 100 %: larger, one reads a part of a line."""
POINTS_PER_INCH = 72


class Pages(QWidget):
    """Paints the pages of a document below each other at one width; a page is drawn when it is first seen."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._document: QPdfDocument | None = None
        self._drawn: dict[int, QImage] = {}
        self._tops: list[int] = []
        self._width = 0

    def show_document(self, document: QPdfDocument) -> None:
        """Show another document."""
        self._document = document
        self.fit(self._width)

    def fit(self, width: int) -> None:
        """Lay the pages out for a width in pixels."""
        self._width = max(width, 1)
        self._drawn.clear()
        self._tops = []
        down = gap = self._look.space(3)
        for page in range(self._document.pageCount() if self._document is not None else 0):
            self._tops.append(down)
            down += self._size(page).height() + gap
        self.setFixedHeight(down)
        self.update()

    def _size(self, page: int) -> QSize:
        points = self._document.pagePointSize(page) if self._document is not None else QSizeF(1, 1)
        wide = min(self._width - 2 * self._look.space(3), self._look.size(round(points.width() * LARGEST_SCALE)))
        wide = max(wide, 1)
        return QSize(wide, round(wide * points.height() / max(points.width(), 1)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pages that are seen."""
        if self._document is None:
            return
        painter = QPainter(self)
        for page, top in enumerate(self._tops):
            size = self._size(page)
            place = QRect((self.width() - size.width()) // 2, top, size.width(), size.height())
            if place.intersects(event.rect()):
                painter.fillRect(place, Qt.GlobalColor.white)
                painter.drawImage(place, self._page(page, size))
                painter.setPen(QColor(self._look.colours.hairline))
                painter.drawRect(place)
        painter.end()

    def _page(self, page: int, size: QSize) -> QImage:
        if page not in self._drawn and self._document is not None:
            self._drawn[page] = self._document.render(page, size * self.devicePixelRatioF())
        return self._drawn[page]


class PdfPane(QScrollArea):
    """Shows a PDF from bytes at the width of the pane, and keeps the place when the bytes change under the reader.

    Not `QPdfView`: it goes on showing drawn pages of the document before when another is loaded into it, and blinks
    when it is made anew for each key typed.
    """

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(t("letter.page"))
        self._sheets = Pages(look)
        self._sheets.setProperty("kind", "desk")
        self.setWidget(self._sheets)
        self._buffer: QBuffer | None = None
        self.document: QPdfDocument | None = None
        self.data = b""

    def show_bytes(self, data: bytes) -> None:
        """Show these bytes; the same bytes again change nothing."""
        from PySide6.QtPdf import QPdfDocument

        if data == self.data:
            return
        place = self.verticalScrollBar().value()
        old, old_buffer = self.document, self._buffer
        buffer = QBuffer(self)
        buffer.setData(QByteArray(data))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        document = QPdfDocument(self)
        document.load(buffer)
        self.data, self.document, self._buffer = data, document, buffer
        self._sheets.show_document(document)
        if old is not None and old_buffer is not None:
            old.close()
            old.deleteLater()
            old_buffer.deleteLater()
        self.verticalScrollBar().setValue(place)
        if document.pageCount():
            self.setAccessibleDescription(document.getAllText(0).text())

    @property
    def pages(self) -> int:
        """Return the number of pages shown."""
        return self.document.pageCount() if self.document is not None else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pages to the width."""
        super().resizeEvent(event)
        self._sheets.fit(self.viewport().width())


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
