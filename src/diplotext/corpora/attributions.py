"""Attribution corpora in PolNeAR's form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from diplotext import schema, spans

#: the spans of one attribution by role, sorted.
Roles = dict[str, list[spans.Span]]

_LINE = re.compile(r"^([TE]\d+)\t(.+)$")
_DOUBLE_MARKS = '“”„«»"″'


class Gold(NamedTuple):
    """Articles with what people found in them; each a table of the schema (empty where a corpus lacks the layer).

    Examples
    --------
    >>> dt.corpora.load_gold(sample.folder)._fields
    ('articles', 'quotes', 'spans', 'stances', 'conditions')
    """

    articles: pd.DataFrame
    quotes: pd.DataFrame
    spans: pd.DataFrame
    stances: pd.DataFrame
    conditions: pd.DataFrame


def load_polnear(folder: str | Path) -> Gold:
    r"""Read articles and attributions in PolNeAR's form; where several people annotated, the first in file order.

    It does not clean the text (`text` is `raw_text`, so that the corpus' offsets hold). The date is that of the id;
    the corpus has no canonical speakers, stances or conditions. Attributions typed Discuss or Discard are left out.

    Parameters
    ----------
    folder
        Holds ``text/<id>.txt`` and ``attributions/<id>_<annotator>.ann`` (brat standoff).

    Returns
    -------
    Gold, with `article_id` the corpus' own id, and `kind` told from the quote marks around the content.

    Raises
    ------
    FileNotFoundError
        If the folder lacks ``text`` or ``attributions``.
    ValueError
        Naming file and line where an annotation cannot be read or reaches beyond the text.

    References
    ----------
    Newell, Margolin & Ruths (2018), An Attribution Relations Corpus for Political News, LREC.

    Examples
    --------
    >>> for name in ("text", "attributions"):
    ...     (folder / name).mkdir()
    >>> (folder / "text" / "a.txt").write_text("Toran said no.")
    14
    >>> (folder / "attributions" / "a_kim.ann").write_text(
    ...     "T1\tCue 6 10\tsaid\nT2\tContent 11 13\tno\nE1\tAttribution:T1 Cue:T1 Content:T2")
    72
    >>> load_polnear(folder).quotes[["cue", "text", "kind"]].to_numpy().tolist()
    [['said', 'no', 'indirect']]
    """
    articles, quotes, pieces = [], [], []
    for name, text, annotators in iterate_polnear(folder):
        articles.append(
            {"article_id": name, "source": f"{name}.txt", "text": text, "raw_text": text, **_read_date(name)}
        )
        for number, roles in enumerate(annotators[0] if annotators else []):
            quote, rows = _statement(f"{name}#{number}", name, text, roles)
            quotes.append(quote)
            pieces += rows
    return Gold(
        schema.build_table("articles", articles),
        schema.build_table("quotes", quotes),
        schema.build_table("spans", pieces),
        schema.build_table("stances"),
        schema.build_table("conditions"),
    )


def _read_date(name: str) -> dict[str, object]:
    """Return the date that PolNeAR's ids hold: ``outlet_YYYY-MM-DD_title``."""
    day = re.search(r"_(\d{4}-\d\d-\d\d)_", name)
    if not day:
        return {"published_precision": "none"}
    return {
        "published": pd.Timestamp(day.group(1), tz="UTC"),
        "published_precision": "day",
        "published_basis": "metadata",
    }


def iterate_polnear(folder: str | Path) -> Iterator[tuple[str, str, list[list[Roles]]]]:
    r"""Yield id, text and every annotator's attributions (in file order) of each article; see `load_polnear`.

    Examples
    --------
    >>> for name in ("text", "attributions"):
    ...     (folder / name).mkdir()
    >>> (folder / "text" / "a.txt").write_text("Toran said no.")
    14
    >>> (folder / "attributions" / "a_kim.ann").write_text(
    ...     "T1\tCue 6 10\tsaid\nT2\tContent 11 13\tno\nE1\tAttribution:T1 Cue:T1 Content:T2")
    72
    >>> [(name, len(versions)) for name, text, versions in iterate_polnear(folder)]
    [('a', 1)]
    """
    folder = Path(folder)
    for part in ("text", "attributions"):
        if not (folder / part).is_dir():
            raise FileNotFoundError(f"folder: expected {part}/ inside it; got {str(folder)!r}")
    for path in sorted((folder / "text").glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        files = sorted((folder / "attributions").glob(f"{path.stem}_*.ann"))
        yield path.stem, text, [_read_brat(file, len(text)) for file in files]


def _read_brat(path: Path, length: int) -> list[Roles]:
    marks: dict[str, list[spans.Span]] = {}
    events: list[str] = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        found = _LINE.match(line)
        if not found:
            continue  # notes, and the tails of surfaces that hold a line break
        key, body = found.groups()
        if key[0] == "E":
            events.append(body)
            continue
        offsets = re.findall(r"(\d+) (\d+)", body.split("\t")[0])
        marks[key] = sorted((int(s), int(e)) for s, e in offsets)
        if not marks[key] or any(not 0 <= s < e <= length for s, e in marks[key]):
            raise ValueError(
                f"{path.name}, line {number}: expected spans within {length} characters; got {line[:60]!r}"
            )
    statements = []
    for body in events:
        fields = [field.split(":") for field in body.split()]
        if fields[0][0] != "Attribution":
            continue
        roles: Roles = {"content": [], "cue": [], "source": []}
        for role, key in fields[1:]:
            roles[re.sub(r"\d+$", "", role).lower()] += marks.get(key, [])
        if roles["content"]:
            statements.append({role: sorted(set(found)) for role, found in roles.items()})
    return statements


def _statement(
    quote_id: str, article_id: str, text: str, roles: Roles
) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Build one quotes row and its spans rows from offsets into an uncleaned text."""
    surface = {role: " ".join(text[s:e] for s, e in found) or None for role, found in roles.items()}
    rows: list[dict[str, object]] = []
    for role, found in roles.items():
        chunks = [chunk for s, e in found for chunk in spans.cut_at_breaks(text, s, e)]
        rows += [
            {"quote_id": quote_id, "role": role, "part": part, "start": s, "end": e, "raw_start": s, "raw_end": e}
            for part, (s, e) in enumerate(chunks)
        ]
    start, end = roles["content"][0][0], max(e for _, e in roles["content"])
    quote: dict[str, object] = {
        "quote_id": quote_id, "article_id": article_id, "kind": tell_kind(text, roles["content"]),
        "text": surface["content"], "cue": surface["cue"], "speaker_mention": surface["source"],
        "start": start, "end": end, "raw_start": start, "raw_end": end,
    }  # fmt: skip
    return quote, rows


def tell_kind(text: str, content: list[spans.Span]) -> str:
    """Tell direct, mixed or indirect from the double quote marks in the content: all, some or none of its words.

    Examples
    --------
    >>> text = 'Toran said "no" to it.'
    >>> tell_kind(text, [(11, 15)]), tell_kind(text, [(11, 21)]), tell_kind(text, [(16, 21)])
    ('direct', 'mixed', 'indirect')
    """
    inside = outside = 0
    for start, end in content:
        marked = False
        if text[start:end].count('"') == 1 or not any(c in _DOUBLE_MARKS for c in text[start:end]):
            marked = text[max(0, start - 1) : start] in set(_DOUBLE_MARKS) or text[start] in _DOUBLE_MARKS
        for character in text[start:end]:
            if character in "“„«":
                marked = True
            elif character in "”»":
                marked = False
            elif character == '"':
                marked = not marked
            elif character.isalnum():
                inside, outside = inside + marked, outside + (not marked)
    if not inside:
        return "indirect"
    return "mixed" if outside > inside * 0.05 else "direct"
