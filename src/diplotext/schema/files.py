"""Tables to and from files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from diplotext.schema.frames import SchemaError, check_table, coerce_columns
from diplotext.schema.tables import FINDINGS


def write_table(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a table as ``.parquet``, ``.csv`` or ``.xlsx``, by the path's ending; returns the path.

    In CSV a missing text is an empty field and an empty text a quoted one, which `read_table` tells apart. In Excel
    times lose their zone (they are UTC), and texts are cut at the 32,767 characters that a cell holds.

    Raises
    ------
    ValueError
        For another ending.
    """
    path = Path(path)
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    elif path.suffix == ".csv":
        import pyarrow as pa
        import pyarrow.csv as pacsv

        pacsv.write_csv(
            pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(),
            path,
            pacsv.WriteOptions(quoting_style="all_valid"),
        )
    elif path.suffix == ".xlsx":
        flat = frame.copy()
        for column in flat:
            if isinstance(flat[column].dtype, pd.DatetimeTZDtype):
                flat[column] = flat[column].dt.tz_localize(None)
            elif flat[column].dtype == "str":
                # Control characters are not allowed in the XML that a workbook is made of.
                flat[column] = flat[column].str.replace(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", regex=True).str[:32767]
        flat.to_excel(path, index=False, engine="openpyxl")
    else:
        raise ValueError(f"path: expected an ending of .parquet, .csv or .xlsx; got {path.name!r}")
    return path


def read_table(path: str | Path, name: str) -> pd.DataFrame:
    """Read a table that `write_table` wrote (Parquet or CSV), with the schema's types, checked.

    A CSV made by hand or by a spreadsheet is read too; there, an unquoted empty field is a missing value.

    Parameters
    ----------
    path
        A ``.parquet`` or ``.csv`` file.
    name
        A key of `TABLES`; ``"findings"`` too, whose `by` columns are free.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    SchemaError
        If the content is not that table.
    ValueError
        For another ending.
    """
    path = Path(path)
    if path.suffix == ".parquet":
        frame = pd.read_parquet(path)
    elif path.suffix == ".csv":
        frame = _read_csv(path)
    else:
        raise ValueError(f"path: expected an ending of .parquet or .csv; got {path.name!r}")
    try:
        return _check_findings(frame) if name == "findings" else check_table(frame, name)
    except SchemaError as error:
        raise SchemaError(f"{path.name}: {error}") from error


def _check_findings(frame: pd.DataFrame) -> pd.DataFrame:
    absent = [c for c in FINDINGS if c not in frame]
    if absent:
        raise SchemaError(f"findings: expected a column {absent[0]!r}; got {', '.join(map(str, frame.columns))}")
    return coerce_columns(frame, "findings", FINDINGS)[list(frame.columns)]


def _read_csv(path: Path) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.csv as pacsv

    with path.open("rb") as stream:
        header = stream.readline().decode("utf-8-sig")
    size = max(path.stat().st_size + 1, 1 << 16)  # one block: a long text may hold line breaks anywhere
    if not header.strip():
        raise SchemaError(f"{path.name}: expected a header line with column names; got an empty file")
    names = pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns
    table = pacsv.read_csv(
        path,
        pacsv.ReadOptions(block_size=size),
        pacsv.ParseOptions(newlines_in_values=True),
        pacsv.ConvertOptions(
            column_types={str(n): pa.string() for n in names},
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[""],
        ),
    )
    frame = table.to_pandas()
    return frame.astype(dict.fromkeys(frame.columns, "str"))
