"""The tables: the single source of truth for names, types, keys and allowed values.

Every stage takes DataFrames in these forms and returns new ones. Offsets are 0-based, half-open, in Unicode code
points; ``raw_*`` columns index the decoded source (``raw_text``), the others the cleaned text. No cell holds a list
or a dict, so that every table survives Parquet, CSV and Dask.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

#: pandas dtype of each kind of column.
DTYPES = {
    "text": "str",
    "count": "Int64",
    "number": "float64",
    "flag": "boolean",
    "time": "datetime64[us, UTC]",
    "date": "datetime64[us]",
}


class SchemaError(ValueError):
    """A frame is not the table that it should be; the message says which column, what was expected and what came."""


@dataclass(frozen=True)
class Column:
    """One column: its kind (a key of `DTYPES`), what it means, and the values that it may take."""

    kind: str
    meaning: str
    values: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its name, key columns and columns in order."""

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]


SPAN = {
    "start": Column("count", "first character in the cleaned text", required=True),
    "end": Column("count", "one past the last character in the cleaned text", required=True),
    "raw_start": Column("count", "first character in raw_text", required=True),
    "raw_end": Column("count", "one past the last character in raw_text", required=True),
}

PRECISIONS = ("time", "day", "month", "year", "none")
BASES = ("metadata", "dateline", "copyright", "user", "none")
SECTIONS = ("headline", "dateline", "byline", "body", "notes")
KINDS = ("direct", "mixed", "indirect", "speech")
CUE_KINDS = ("speech", "belief", "attitude", "intention")
SPEAKER_KINDS = ("person", "organisation", "state", "anonymous", "collective", "unknown")
RESOLUTIONS = ("exact", "title", "surname", "description", "pronoun", "metonym", "user", "unresolved")
SECTORS = ("government", "military", "opposition", "body", "media", "expert", "civil", "other")
ROLES = ("content", "cue", "source")
STANCES = ("oppose", "neutral", "support")
POSTURES = (
    "offer_talks", "promise", "agree", "consult", "support", "reassure", "concede", "appeal", "demand", "criticise",
    "accuse", "deny", "reject", "warn", "threaten", "announce_act", "state",
)  # fmt: skip
MODES = ("actual", "future", "hypothetical", "negated", "historical")
QUADS = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict", "none")


def _table(name: str, key: str, /, **columns: Column) -> Table:
    keys = tuple(key.split())
    return Table(name, keys, {n: Column(c.kind, c.meaning, c.values, c.required or n in keys) for n, c in columns.items()})


def _text(meaning: str, *values: str) -> Column:
    return Column("text", meaning, values)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(
            "articles", "article_id",
            article_id=_text("short hash of path, record number and raw bytes"),
            source=_text("the path given, with #record for a file of many"),
            url=_text("the article's own address"),
            outlet=_text("who published it"),
            published=Column("time", "when it was published, UTC"),
            published_precision=_text("how exact `published` is", *PRECISIONS),
            published_basis=_text("where `published` comes from", *BASES),
            lang=_text("ISO 639-1 code of the language found"),
            headline=_text("the title, without the outlet's suffix"),
            dateline=_text("place and agency as printed"),
            byline=_text("authors as printed"),
            notes=_text("contributor lines, corrections and editor's notes, one a line"),
            raw_text=Column("text", "the decoded source (of an HTML page, the extracted text)", required=True),
            text=Column("text", "the cleaned text", required=True),
            raw_sha256=_text("SHA-256 of the raw bytes, hexadecimal"),
            duplicate_of=_text("article_id of the first copy, or missing"),
            suspect_paraphrase=_text("why the text looks machine-paraphrased, or missing"),
        ),
        _table(
            "edits", "article_id raw_start",
            article_id=_text("articles.article_id"),
            raw_start=SPAN["raw_start"], raw_end=SPAN["raw_end"], start=SPAN["start"], end=SPAN["end"],
            rule=Column("text", "name of the cleaning rule", required=True),
            removed=Column("text", "raw_text[raw_start:raw_end]", required=True),
            replacement=Column("text", "text[start:end]; empty when nothing replaces", required=True),
        ),
        _table(
            "sentences", "article_id sentence",
            article_id=_text("articles.article_id"),
            sentence=Column("count", "number of the sentence in the article, from 0"),
            paragraph=Column("count", "number of the paragraph in the article, from 0", required=True),
            section=_text("part of the article", *SECTIONS),
            turn_speaker=_text("the turn's label or the speaker of an official statement, as printed"),
            **SPAN,
        ),
        _table(
            "quotes", "quote_id",
            quote_id=_text("hash of article_id and raw offsets"),
            article_id=Column("text", "articles.article_id", required=True),
            kind=_text("how the words are given", *KINDS),
            text=Column("text", "the content, pieces joined by a space", required=True),
            cue=_text("the reporting verb group as printed"),
            cue_kind=_text("what the cue reports", *CUE_KINDS),
            speaker_mention=_text("the source as printed"),
            speaker=_text("canonical name of the source"),
            speaker_kind=_text("what the speaker is", *SPEAKER_KINDS),
            resolution=_text("the rule that decided the speaker", *RESOLUTIONS),
            actor_id=_text("actors.actor_id, or missing"),
            role=_text("the speaker's office at the article's date"),
            sector=_text("the speaker's part of society", *SECTORS),
            country=_text("ISO 3166-1 alpha-3 (Kosovo XKX), or missing"),
            parties=_text("all countries of joint speakers, joined by ;"),
            reported_speaker=_text("inner speaker when one report stands inside another"),
            relay=_text("outlet or agency that the words were given to or came through"),
            addressee=_text("to whom the words were said"),
            spoken_on=Column("date", "day on which the words were spoken"),
            confidence=Column("number", "probability that statement and speaker are right, in [0, 1]"),
            closed=Column("flag", "False where a quote mark is missing or reversed"),
            **SPAN,
        ),
        _table(
            "spans", "quote_id role part",
            quote_id=_text("quotes.quote_id"),
            role=_text("part of the statement", *ROLES),
            part=Column("count", "number of the contiguous piece, from 0"),
            **SPAN,
        ),
        _table(
            "actors", "actor_id role valid_from",
            actor_id=_text("short stable name of the actor"),
            role=_text("office or description"),
            valid_from=Column("date", "first day of the role, or missing"),
            name=Column("text", "canonical name", required=True),
            kind=_text("what the actor is", *SPEAKER_KINDS),
            sector=_text("part of society", *SECTORS),
            country=_text("ISO 3166-1 alpha-3, or missing"),
            valid_to=Column("date", "last day of the role, or missing"),
            source=_text("where the row's facts come from"),
        ),
        _table(
            "aliases", "alias actor_id",
            alias=_text("another name"), actor_id=_text("actors.actor_id"),
        ),
        _table(
            "memberships", "country body valid_from",
            country=_text("ISO 3166-1 alpha-3"), body=_text("actors.actor_id of the body"),
            valid_from=Column("date", "first day of membership, or missing"),
            valid_to=Column("date", "last day of membership, or missing"),
        ),
        _table(
            "stances", "quote_id target_id",
            quote_id=_text("quotes.quote_id"),
            target_id=_text("actor_id or issue id; empty when the statement has no target"),
            target=_text("canonical name of the target"),
            target_kind=_text("what the target is", "actor", "issue"),
            target_country=_text("ISO 3166-1 alpha-3, or missing"),
            stance=_text("what the speaker expresses toward the target", *STANCES),
            p_oppose=Column("number", "probability of oppose"),
            p_neutral=Column("number", "probability of neutral"),
            p_support=Column("number", "probability of support"),
            sentiment=Column("number", "tone of the words toward the target, in [-1, 1]"),
            posture=_text("the statement's one posture", *POSTURES),
            posture_p=Column("number", "probability of the posture"),
            conditional=Column("flag", "tied to the other side's conduct"),
            mode=_text("reality of the act", *MODES),
            plover=_text("PLOVER root, or missing"),
            cameo=_text("CAMEO code, or missing"),
            quad=_text("quad class", *QUADS),
            intensity=Column("number", "value on the scale named in `model`"),
            model=_text("name and version of what scored, with its intensity scale"),
        ),
        _table(
            "conditions", "quote_id part start",
            quote_id=_text("quotes.quote_id"),
            part=_text("half of the conditional", "condition", "consequence"),
            agent=_text("who acts in this half, as printed"),
            instrument=_text("means named in this half, as printed"),
            aim=_text("whether an act is to be prevented or brought about", "deter", "compel"),
            specific=Column("flag", "True where the consequence names its means"),
            **SPAN,
        ),
        _table(
            "traces", "quote_id part",
            quote_id=_text("quotes.quote_id"),
            part=Column("count", "number of the content piece"),
            transcript_id=_text("article_id of the record"),
            **{k: Column("count", v.meaning + " of the transcript") for k, v in SPAN.items()},
            speaker_agrees=Column("flag", "the record names the same speaker"),
            similarity=Column("number", "in [0, 1]"),
            fidelity=_text("relation to the words as spoken", "verbatim", "trimmed", "altered", "paraphrased", "unmatched"),
            kept=Column("count", "words kept"), changed=Column("count", "words changed"),
            dropped=Column("count", "words dropped"), added=Column("count", "words added"),
            confidence=Column("number", "in [0, 1]"),
        ),
        _table(
            "annotations", "item_id field annotator",
            item_id=_text("quote_id or article_id"), field=_text("the column labelled"), annotator=_text("who labelled"),
            label=_text("the label"), comment=_text("remark"), at=Column("time", "when"),
        ),
    )
}  # fmt: skip

#: columns of the findings table that follow the `by` columns.
FINDINGS = {
    "measure": _text("what is estimated"),
    "estimate": Column("number", "the estimate"),
    "ci_low": Column("number", "lower bound of the 95 % interval"),
    "ci_high": Column("number", "upper bound of the 95 % interval"),
    "n_quotes": Column("count", "statements behind it, duplicates counted once"),
    "n_articles": Column("count", "articles behind it"),
    "n_speakers": Column("count", "distinct speakers behind it"),
}


def _lookup(name: str) -> Table:
    if name not in TABLES:
        near = difflib.get_close_matches(name, TABLES, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise SchemaError(f"name: expected one of {', '.join(TABLES)}; got {name!r}{hint}")
    return TABLES[name]


def build_table(name: str, records: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Make a table of the full schema from records or columns; absent columns are missing values.

    It does not check keys or values: see `check_table`.

    Parameters
    ----------
    name
        A key of `TABLES`.
    records
        Dicts by row, or one dict of columns; nothing gives the empty table.

    Returns
    -------
    DataFrame with every column of the table in its order and type, then any further columns given.

    Raises
    ------
    SchemaError
        For an unknown table, or a column that cannot be brought to its type.
    """
    columns = _lookup(name).columns
    if records is None:
        records = []
    frame = pd.DataFrame(records if isinstance(records, Mapping) else list(records))
    return _coerce(frame, name, columns)


def _coerce(frame: pd.DataFrame, name: str, columns: Mapping[str, Column]) -> pd.DataFrame:
    series = {}
    for column, spec in columns.items():
        dtype = DTYPES[spec.kind]
        if column not in frame:
            series[column] = pd.Series(pd.NA if dtype != "str" else None, index=frame.index, dtype=dtype)
            continue
        values = frame[column]
        try:
            if spec.kind == "time":
                values = pd.to_datetime(values, utc=True, format="ISO8601" if values.dtype == "str" else None)
            elif spec.kind == "date":
                values = pd.to_datetime(values, format="ISO8601" if values.dtype == "str" else None)
            elif spec.kind == "flag" and values.dtype == "str":
                values = values.map({"true": True, "True": True, "false": False, "False": False})
            series[column] = values.astype(dtype)  # type: ignore[call-overload]
        except (TypeError, ValueError) as error:
            raise SchemaError(f"{name}.{column}: expected {dtype}; got {values.dtype} ({error})") from error
    extra = {c: frame[c] for c in frame.columns if c not in columns}
    return pd.DataFrame({**series, **extra}, index=frame.index).reset_index(drop=True)


def check_table(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the frame in the table's column order and types, after checking it against the schema.

    Columns that may be absent are added as missing; further columns are kept at the end. The input is not changed.

    Parameters
    ----------
    frame
        The candidate table.
    name
        A key of `TABLES`.

    Raises
    ------
    SchemaError
        Naming the first required column that is absent, value outside the allowed ones, offset that is negative or
        ends before it starts, or key that stands twice.
    """
    table = _lookup(name)
    absent = [c for c, spec in table.columns.items() if spec.required and c not in frame]
    if absent:
        near = difflib.get_close_matches(absent[0], [str(c) for c in frame.columns], n=1)
        hint = f" (did you mean to rename {near[0]!r}?)" if near else ""
        raise SchemaError(f"{name}: expected a column {absent[0]!r}{hint}; got {', '.join(map(str, frame.columns))}")
    result = _coerce(frame, name, table.columns)
    for column, spec in table.columns.items():
        if spec.values:
            wrong = result.loc[result[column].notna() & ~result[column].isin([*spec.values, ""]), column]
            if len(wrong):
                raise SchemaError(f"{name}.{column}: expected one of {', '.join(spec.values)}; got {wrong.iloc[0]!r}")
    for low, high in (("start", "end"), ("raw_start", "raw_end")):
        if low in table.columns:
            wrong = result[(result[low] < 0) | (result[high] < result[low])]
            if len(wrong):
                row = wrong.iloc[0]
                raise SchemaError(f"{name}: expected 0 <= {low} <= {high}; got {row[low]} and {row[high]}")
    twice = result.duplicated(list(table.key))
    if twice.any():
        got = result.loc[twice, list(table.key)].iloc[0].to_dict()
        raise SchemaError(f"{name}: expected each {' + '.join(table.key)} once; got {got} again")
    return result


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
        return _coerce(frame, name, FINDINGS) if name == "findings" else check_table(frame, name)
    except SchemaError as error:
        raise SchemaError(f"{path.name}: {error}") from error


def _read_csv(path: Path) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.csv as pacsv

    with path.open("rb") as stream:
        header = stream.readline().decode("utf-8-sig")
    size = max(path.stat().st_size + 1, 1 << 16)  # one block: a long text may hold line breaks anywhere
    names = pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns if header.strip() else []
    if not len(names):
        raise SchemaError(f"{path.name}: expected a header line with column names; got an empty file")
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
    return frame.astype({c: "str" for c in frame.columns})
