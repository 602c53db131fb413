"""One stylesheet, made from the tokens. Widgets say what they are by the dynamic properties `kind`, `role` and `tone`.

- `QLabel[role=...]`: page, section, small, second, number, strong.
- `QPushButton[kind=...]`: primary (one to a screen), plain, quiet (no border), danger, rail, segment, row, tile.
- `QFrame[kind=...]`: card, chart, sheet, bar, rail, line, scrim, row.
"""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from models.errors import Language
from ui.tokens import FAMILIES, LATIN_FAMILIES, RADIUS, TYPE, Look
from ui.words import RESOURCES


def _picture(name: str, look: Look) -> str:
    return str(RESOURCES / "icons" / f"{name}-{look.theme}.svg").replace("\\", "/")


def stylesheet(look: Look) -> str:
    """Return the stylesheet of the whole window for a theme and text size."""
    c = look.colours
    t, s, z = look.text, look.space, look.size
    return f"""
* {{ font-size: {t(TYPE.body)}px; color: {c.ink}; outline: none; }}
QWidget[kind="window"], QWidget[kind="page"], QScrollArea,
  QScrollArea > QWidget > QWidget[kind="page"] {{ background: {c.paper}; }}
QWidget[kind="desk"] {{ background: {c.sunken}; }}
QScrollArea {{ border: none; }}
QToolTip {{ background: {c.ink}; color: {c.paper}; border: none; padding: {s(1)}px {s(2)}px; }}
QLabel {{ background: transparent; }}
QLabel[role="page"] {{ font-size: {t(TYPE.page)}px; font-weight: 600; }}
QLabel[role="section"] {{ font-size: {t(TYPE.section)}px; font-weight: 600; }}
QLabel[role="number"] {{ font-size: {t(TYPE.number)}px; font-weight: 600; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="small"] {{ font-size: {t(TYPE.small)}px; color: {c.third}; }}
QLabel[role="label"] {{ font-size: {t(TYPE.small)}px; color: {c.second}; }}
QLabel[role="second"] {{ color: {c.second}; }}
QLabel[tone="late"] {{ color: {c.late}; }}
QLabel[tone="soon"] {{ color: {c.soon}; }}
QLabel[tone="done"] {{ color: {c.done}; }}
QLabel[tone="accent"] {{ color: {c.accent}; }}

QFrame[kind="card"] {{ background: {c.surface}; border: 1px solid {c.hairline}; border-radius: {RADIUS}px; }}
QFrame[kind="chart"] {{ background: {c.surface}; border: 2px solid {c.surface}; border-radius: {RADIUS}px; }}
QFrame[kind="chart"]:focus {{ border: 2px solid {c.accent}; }}
QFrame[kind="sheet"] {{ background: {c.surface}; border: none; border-left: 1px solid {c.hairline}; }}
QFrame[kind="sheet"] QScrollArea,
  QFrame[kind="sheet"] QScrollArea > QWidget > QWidget[kind="page"] {{ background: {c.surface}; }}
QFrame[kind="scrim"] {{ background: rgba(0, 0, 0, {90 if look.theme == "dark" else 45}); }}
QFrame[kind="bar"] {{ background: {c.surface}; border: none; border-top: 1px solid {c.hairline}; }}
QFrame[kind="top"] {{ background: {c.paper}; border: none; border-bottom: 1px solid {c.hairline}; }}
QFrame[kind="rail"] {{ background: {c.sunken}; border: none; border-right: 1px solid {c.hairline}; }}
QFrame[kind="line"] {{ background: {c.hairline}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[kind="margin"] {{ background: {c.paper}; border: none; border-left: 1px solid {c.hairline}; }}
QFrame[kind="chip"] {{ border: none; border-radius: {RADIUS}px; background: {c.sunken}; }}
QFrame[kind="chip"][tone="late"] {{ background: {c.late_soft}; }}
QFrame[kind="chip"][tone="soon"] {{ background: {c.soon_soft}; }}
QFrame[kind="chip"][tone="done"] {{ background: {c.done_soft}; }}
QFrame[kind="chip"][tone="accent"] {{ background: {c.accent_soft}; }}
QFrame[kind="chip"] QLabel {{ font-size: {t(TYPE.small)}px; }}
QFrame[kind="chip"][tone="quiet"] QLabel {{ color: {c.second}; }}
QFrame[kind="chip"][tone="late"] QLabel {{ color: {c.late}; }}
QFrame[kind="chip"][tone="soon"] QLabel {{ color: {c.soon}; }}
QFrame[kind="chip"][tone="done"] QLabel {{ color: {c.done}; }}
QFrame[kind="chip"][tone="accent"] QLabel {{ color: {c.accent}; }}
QFrame[kind="drop"] {{ background: {c.surface}; border: 1px dashed {c.edge}; border-radius: {RADIUS}px; }}
QFrame[kind="drop"][over="true"] {{ border: 2px dashed {c.accent}; background: {c.accent_soft}; }}
QFrame[kind="notice"] {{ border: none; border-radius: {RADIUS}px; background: {c.sunken}; }}
QFrame[kind="notice"][tone="late"] {{ background: {c.late_soft}; }}
QFrame[kind="notice"][tone="soon"] {{ background: {c.soon_soft}; }}
QFrame[kind="notice"][tone="done"] {{ background: {c.done_soft}; }}
QFrame[kind="notice"][floating="true"] {{ border: 1px solid {c.edge}; }}
QFrame[kind="notice"][tone="accent"] {{ background: {c.accent_soft}; }}

QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox {{
  background: {c.surface}; border: 1px solid {c.edge}; border-radius: {RADIUS}px;
  padding: {s(1) + 1}px {s(2)}px; selection-background-color: {c.press}; selection-color: {c.on_press}; }}
QLineEdit, QComboBox {{ icon-size: {z(16)}px; min-height: {z(22)}px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus {{
  border: 2px solid {c.accent}; padding: {s(1)}px {s(2) - 1}px; }}
QLineEdit[tone="late"], QPlainTextEdit[tone="late"], QComboBox[tone="late"] {{ border: 2px solid {c.late};
  padding: {s(1)}px {s(2) - 1}px; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {{ color: {c.third}; background: {c.sunken};
  border-color: {c.hairline}; }}
QLineEdit[kind="search"] {{ background: {c.surface}; border-color: {c.hairline}; }}
QLineEdit[kind="search"]:focus {{ border: 2px solid {c.accent}; }}
QComboBox[kind="filter"], QLineEdit[kind="filter"] {{ border: 1px solid {c.hairline}; background: {c.paper}; }}
QComboBox[kind="filter"]:focus, QLineEdit[kind="filter"]:focus {{ border: 2px solid {c.accent}; }}
QComboBox::drop-down {{ border: none; width: {z(24)}px; }}
QComboBox::down-arrow {{ image: url("{_picture("chevron", look)}"); width: {z(12)}px; height: {z(12)}px; }}
QComboBox QAbstractItemView {{ background: {c.surface}; border: 1px solid {c.hairline}; padding: {s(1)}px;
  selection-background-color: {c.accent_soft}; selection-color: {c.ink}; }}
QComboBox QAbstractItemView::item {{ min-height: {z(28)}px; padding: 0 {s(2)}px; }}

QPushButton {{ background: {c.surface}; border: 1px solid {c.edge}; border-radius: {RADIUS}px;
  padding: {s(1) + 1}px {s(3)}px; min-height: {z(22)}px; }}
QPushButton:hover {{ background: {c.sunken}; }}
QPushButton:focus {{ border: 2px solid {c.accent}; padding: {s(1)}px {s(3) - 1}px; }}
QPushButton:disabled {{ color: {c.third}; border-color: {c.hairline}; background: {c.paper}; }}
QPushButton[kind="primary"] {{ background: {c.press}; color: {c.on_press}; border: 2px solid {c.press};
  padding: {s(1)}px {s(4)}px; font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {c.press_hover}; border-color: {c.press_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 3px double {c.on_press}; padding: {s(1) - 1}px {s(4) - 1}px; }}
QPushButton[kind="primary"]:disabled {{ background: {c.sunken}; color: {c.third}; border-color: {c.sunken}; }}
QPushButton[kind="danger"] {{ color: {c.late}; border-color: {c.late}; }}
QPushButton[kind="quiet"] {{ background: transparent; border: 2px solid transparent; color: {c.accent};
  padding: {s(1)}px {s(1)}px; text-align: left; }}
QPushButton[kind="quiet"]:hover {{ background: {c.accent_soft}; }}
QPushButton[kind="quiet"]:focus {{ border: 2px solid {c.accent}; }}
QPushButton[kind="quiet"]:disabled {{ color: {c.third}; }}
QPushButton[kind="segment"] {{ background: transparent; border: 2px solid transparent; color: {c.second};
  padding: {s(1)}px {s(3)}px; }}
QPushButton[kind="segment"]:hover {{ color: {c.ink}; background: {c.sunken}; }}
QPushButton[kind="segment"]:checked {{ background: {c.accent_soft}; color: {c.accent}; }}
QPushButton[kind="segment"]:focus {{ border: 2px solid {c.accent}; }}
QPushButton[kind="row"] {{ background: transparent; border: 2px solid transparent; text-align: left;
  padding: {s(1)}px {s(2)}px; }}
QPushButton[kind="row"]:hover {{ background: {c.sunken}; }}
QPushButton[kind="row"]:focus {{ border: 2px solid {c.accent}; background: {c.accent_soft}; }}
QPushButton[kind="tile"] {{ background: {c.surface}; border: 2px solid {c.hairline}; text-align: left;
  padding: {s(1)}px {s(2)}px; }}
QPushButton[kind="tile"]:hover {{ background: {c.accent_soft}; }}
QPushButton[kind="tile"]:focus {{ border: 2px solid {c.accent}; }}
QToolButton[kind="rail"] {{ background: transparent; border: 2px solid transparent; border-radius: {RADIUS}px;
  color: {c.second};
  font-size: {t(TYPE.small)}px; padding: {s(1)}px; }}
QToolButton[kind="rail"]:hover {{ background: {c.hairline}; color: {c.ink}; }}
QToolButton[kind="rail"]:checked {{ background: {c.surface}; color: {c.accent}; }}
QToolButton[kind="rail"]:focus {{ border: 2px solid {c.accent}; }}
QToolButton[kind="icon"] {{ background: transparent; border: 2px solid transparent; border-radius: {RADIUS}px;
  padding: {s(1) - 2}px; }}
QToolButton[kind="icon"]:hover {{ background: {c.sunken}; }}
QToolButton[kind="icon"]:focus {{ border: 2px solid {c.accent}; }}

QCheckBox, QRadioButton {{ spacing: {s(2)}px; background: transparent; padding: {s(1)}px;
  border: 2px solid transparent; border-radius: {RADIUS}px; }}
QCheckBox:focus, QRadioButton:focus {{ border: 2px solid {c.accent}; }}
QCheckBox::indicator, QListView::indicator, QTableView::indicator {{
  width: {z(16)}px; height: {z(16)}px; border: 1px solid {c.edge}; border-radius: 3px;
  background: {c.surface}; }}
QCheckBox::indicator:checked, QListView::indicator:checked, QTableView::indicator:checked {{
  background: {c.press}; border-color: {c.press};
  image: url("{_picture("check", look)}"); }}
QRadioButton::indicator {{ width: {z(14)}px; height: {z(14)}px; border: 1px solid {c.edge};
  border-radius: {z(7)}px; background: {c.surface}; }}
QRadioButton::indicator:checked {{ background: {c.press}; border: {z(4)}px solid {c.surface};
  width: {z(8)}px; height: {z(8)}px; outline: none; }}

QTableView, QListView, QTreeView {{ background: {c.surface}; border: none; gridline-color: {c.hairline};
  selection-background-color: {c.accent_soft}; selection-color: {c.ink}; alternate-background-color: {c.surface}; }}
QTableView:focus {{ border: none; }}
QTableView::item {{ padding: 0 {s(2)}px; border: none; border-bottom: 1px solid {c.hairline}; }}
QTableView::item:selected {{ background: {c.accent_soft}; color: {c.ink}; }}
QHeaderView {{ background: {c.paper}; border: none; }}
QHeaderView::section {{ background: {c.paper}; color: {c.second}; font-size: {t(TYPE.small)}px; border: none;
  border-bottom: 1px solid {c.hairline}; padding: {s(1)}px {s(2)}px; }}
QScrollBar:vertical {{ background: transparent; width: {z(10)}px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {c.edge}; border-radius: {z(10) // 2 - 2}px; min-height: {z(32)}px;
  margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: {z(10)}px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {c.edge}; border-radius: {z(10) // 2 - 2}px; min-width: {z(32)}px;
  margin: 2px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {c.sunken}; border: none; border-radius: 2px; max-height: {z(4)}px;
  min-height: {z(4)}px; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 2px; }}
QMenu {{ background: {c.surface}; border: 1px solid {c.hairline}; padding: {s(1)}px; }}
QMenu::item {{ padding: {s(1)}px {s(4)}px; border-radius: 4px; }}
QMenu::item:selected {{ background: {c.accent_soft}; }}
QMenu::item:disabled {{ color: {c.third}; }}
QSplitter::handle {{ background: {c.hairline}; }}
QTextBrowser {{ background: {c.paper}; border: none; border-left: 2px solid {c.paper}; padding: 0; border-radius: 0; }}
QTextBrowser:focus {{ border: none; border-left: 2px solid {c.accent}; padding: 0; }}
QCalendarWidget QWidget {{ background: {c.surface}; }}
QCalendarWidget QToolButton {{ color: {c.ink}; background: transparent; border: none; padding: {s(1)}px; }}
"""


def palette(look: Look) -> QPalette:
    """Return the palette for what a stylesheet does not reach (calendar, placeholder, links)."""
    c = look.colours
    made = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, c.paper),
        (QPalette.ColorRole.Base, c.surface),
        (QPalette.ColorRole.AlternateBase, c.sunken),
        (QPalette.ColorRole.Text, c.ink),
        (QPalette.ColorRole.WindowText, c.ink),
        (QPalette.ColorRole.Button, c.surface),
        (QPalette.ColorRole.ButtonText, c.ink),
        (QPalette.ColorRole.Highlight, c.press),
        (QPalette.ColorRole.HighlightedText, c.on_press),
        (QPalette.ColorRole.PlaceholderText, c.third),
        (QPalette.ColorRole.Link, c.accent),
        (QPalette.ColorRole.ToolTipBase, c.ink),
        (QPalette.ColorRole.ToolTipText, c.paper),
    ):
        made.setColor(role, QColor(colour))
    return made


def dress(app: QApplication, look: Look, language: Language = "zh") -> None:
    """Apply fonts, palette and stylesheet to the application."""
    font = QFont()
    font.setFamilies([*(LATIN_FAMILIES if language == "en" else ()), *FAMILIES])
    font.setPixelSize(look.text(TYPE.body))
    app.setFont(font)
    app.setPalette(palette(look))
    app.setStyleSheet(stylesheet(look))
