"""The tables: the single source of truth for names, types, keys and allowed values.

Every stage takes DataFrames in these forms and returns new ones. Offsets are 0-based, half-open, in Unicode code
points; ``raw_*`` columns index the decoded source (``raw_text``), the others the cleaned text. No cell holds a list
or a dict, so that every table survives Parquet, CSV and Dask.
"""

from diplotext.schema.analysis import Analysis, take_tables
from diplotext.schema.checks import check_input, check_resolved, check_share, check_statements
from diplotext.schema.dictionaries import Dictionaries, check_dictionaries, load_dictionaries, read_own
from diplotext.schema.files import read_table, write_parts, write_table
from diplotext.schema.folders import hold_folder, replace_files, settle_folder
from diplotext.schema.frames import SchemaError, build_table, check_table
from diplotext.schema.resources import read_rows, read_words
from diplotext.schema.tables import (
    BASES,
    CUE_KINDS,
    DTYPES,
    FIDELITIES,
    FINDINGS,
    KINDS,
    MODES,
    POSTURES,
    PRECISIONS,
    QUADS,
    RESOLUTIONS,
    ROLES,
    SECTIONS,
    SECTORS,
    SPEAKER_KINDS,
    STANCES,
    TABLES,
    Column,
    Table,
)
from diplotext.schema.workbook import write_workbook

__all__ = [
    "BASES", "CUE_KINDS", "DTYPES", "FIDELITIES", "FINDINGS", "KINDS", "MODES", "POSTURES", "PRECISIONS", "QUADS",
    "RESOLUTIONS", "ROLES", "SECTIONS", "SECTORS", "SPEAKER_KINDS", "STANCES", "TABLES", "Analysis", "Column",
    "Dictionaries", "SchemaError", "Table", "build_table", "check_dictionaries", "check_input", "check_resolved",
    "check_share", "check_statements", "check_table", "hold_folder", "load_dictionaries", "read_own", "read_rows",
    "read_table", "read_words", "replace_files", "settle_folder", "take_tables", "write_parts", "write_table",
    "write_workbook",
]  # fmt: skip
