"""Tables to and from files."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from diplotext.schema.frames import SchemaError, check_table, coerce_columns
from diplotext.schema.tables import FINDINGS, TABLES
from diplotext.schema.workbook import write_workbook

#: a text that a spreadsheet would take for a formula begins so; white space before it does not help.
_FORMULA = r"^(?=[\s\x00]*[=+\-@＝＋－＠]|[\t\r\n])"
#: of a folder of parts: what it holds, written last.
_MANIFEST = "_manifest.json"


def write_table(frame: pd.DataFrame, path: str | Path, *, guard: bool = False) -> Path:
    """Write a table as ``.parquet``, ``.csv`` or ``.xlsx``, by the path's ending; returns the path.

    In CSV a missing text is an empty field and an empty text a quoted one, which `read_table` tells apart; it begins
    with a byte order mark, by which a spreadsheet knows it for UTF-8. For ``.xlsx`` see `write_workbook`.

    Parameters
    ----------
    frame
        The table.
    path
        The file; its folder must be there.
    guard
        In CSV, put an apostrophe before texts that a spreadsheet would take for a formula (that begin with ``=``,
        ``+``, ``-`` or ``@``). They are not read back as they were.

    Raises
    ------
    ValueError
        For another ending.

    Examples
    --------
    >>> write_table(analysis.quotes, folder / "quotes.parquet").name
    'quotes.parquet'
    """
    path = Path(path)
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    elif path.suffix == ".csv":
        _write_csv(_guard_formulas(frame) if guard else frame, path)
    elif path.suffix == ".xlsx":
        write_workbook({re.sub(r"[\[\]:*?/\\]", "_", path.stem)[:31]: frame}, path)  # as Excel has it of a sheet's name
    else:
        raise ValueError(f"path: expected an ending of .parquet, .csv or .xlsx; got {path.name!r}")
    return path


def _guard_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    texts = frame.select_dtypes("str")
    return frame.assign(**{str(c): texts[c].str.replace(_FORMULA, "'", regex=True) for c in texts})


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.csv as pacsv

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    with path.open("wb") as stream:
        stream.write(BOM_UTF8)
        pacsv.write_csv(table, stream, pacsv.WriteOptions(quoting_style="all_valid"))


def write_parts(frames: Iterable[pd.DataFrame], path: str | Path, *, guard: bool = False) -> Path:
    """Write a table that comes in parts into a folder, and what it holds into a manifest; `guard` as of `write_table`.

    `read_table` reads the folder; other programs read ``part-*.parquet`` in it as one table.

    Parameters
    ----------
    frames
        The table, some rows at a time.
    path
        The folder, which must not be there; its ending is that of the parts: ``.parquet`` or ``.csv``.

    Returns
    -------
    The path.

    Examples
    --------
    >>> path = write_parts([analysis.quotes[:4], analysis.quotes[4:]], folder / "parts.parquet")
    >>> read_table(path, "quotes").equals(analysis.quotes)
    True
    """
    path = Path(path)
    path.mkdir()
    held = []
    for number, frame in enumerate(frames):
        part = write_table(frame, path / f"part-{number:05d}{path.suffix}", guard=guard)
        held.append({"file": part.name, "rows": len(frame)})
    (path / _MANIFEST).write_text(json.dumps({"parts": held}, indent=1) + "\n", "utf-8")
    return path


def read_table(path: str | Path, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table that `write_table` or `write_parts` wrote (Parquet or CSV), with the schema's types, checked.

    A CSV made by hand or by a spreadsheet is read too; there, an unquoted empty field is a missing value. Where the run
    that wrote the folder was ended while its results took their place, they are put there first.

    Parameters
    ----------
    path
        A ``.parquet`` or ``.csv`` file, or a folder of parts, as `analyze` writes of many articles.
    name
        A key of `TABLES`; ``"findings"`` too, whose `by` columns are free.
    columns
        Only these, as far as they are there; then nothing is checked but their types.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    SchemaError
        If the content is not that table, or a folder's parts are not those of its manifest.
    ValueError
        For another ending.

    Examples
    --------
    >>> path = dt.write_table(analysis.quotes, folder / "quotes.csv")
    >>> read_table(path, "quotes").equals(analysis.quotes)
    True
    >>> list(read_table(path, "quotes", ["quote_id", "speaker"]))
    ['quote_id', 'speaker']
    """
    path = Path(path)
    frame = read_frame(path, columns)
    try:
        if name == "findings":
            return _check_findings(frame)
        if columns is None:
            return check_table(frame, name)
        known = {c: spec for c, spec in TABLES[name].columns.items() if c in frame}
        return coerce_columns(frame, name, known)[list(frame.columns)]
    except SchemaError as error:
        raise SchemaError(f"{path.name}: {error}") from error


def read_frame(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read the columns of a Parquet file or, as texts, of a CSV, or of a folder of such, whatever table they are."""
    if path.is_dir():
        parts = [read_frame(part, columns) for part in _list_parts(path)]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if path.suffix == ".parquet":
        if columns is None:
            return pd.read_parquet(path)
        import pyarrow.parquet as pq

        held = pq.read_schema(path).names
        return pd.read_parquet(path, columns=[c for c in columns if c in held])
    if path.suffix == ".csv":
        frame = _read_csv(path)
        return frame if columns is None else frame[[c for c in columns if c in frame]]
    raise ValueError(f"path: expected an ending of .parquet or .csv; got {path.name!r}")


def _list_parts(folder: Path) -> list[Path]:
    try:
        held = json.loads((folder / _MANIFEST).read_text("utf-8"))["parts"]
        names = [part["file"] for part in held]
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise SchemaError(
            f"{folder.name}: expected a folder of parts with its {_MANIFEST}; got none that can be read. Give the file "
            "of a table, or analyse anew"
        ) from error
    there = sorted(path.name for path in folder.glob(f"part-*{folder.suffix}"))
    if there != sorted(names):
        raise SchemaError(
            f"{folder.name}: expected the {len(names)} parts of its {_MANIFEST}; got {len(there)}. Analyse anew"
        )
    return [folder / name for name in names]


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
