"""Imports: files of other systems become items and matters of the register.

reading     csv, csv.gz, xlsx -> header and lines
cells       what a cell means: days, flags, text without what the carrier put around it
boundary    columns that are never taken in
fields, maps  which column becomes which field (docs/format/import-map.md)
rows, past  a line -> an item with its life so far, or a refusal with line, column and reason
run         lines -> the register, many in one act; idempotent by the key of each row
reference   content classes, divisions and holidays that come as files
"""

from models.imports.maps import ImportMap, load_map, read_map
from models.imports.report import ImportReport, Progress
from models.imports.rows import Refused, SourceRow
from models.imports.run import read_rows, run_import

__all__ = [
    "ImportMap",
    "ImportReport",
    "Progress",
    "Refused",
    "SourceRow",
    "load_map",
    "read_map",
    "read_rows",
    "run_import",
]
