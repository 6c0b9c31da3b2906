"""What a statement expresses: toward whom, with what act, under what condition.

Rules find the targets, the halves of conditionals and the finer codes; a trained network (`MODEL`) tells posture, mode,
condition and the stance toward each target. `judge_posture` and `find_conditionals` work on plain text.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

import pandas as pd

from diplotext import schema
from diplotext.encoder import Statement
from diplotext.schema import read_rows
from diplotext.spans import offset_maps
from diplotext.stance.candidates import find_actors, find_issues
from diplotext.stance.conditions import Conditional, find_conditionals
from diplotext.stance.estimators import PostureClassifier, StanceClassifier, StatementEncoder
from diplotext.stance.issues import IssueTable, load_issues
from diplotext.stance.learned import Ruled, describe_posture, describe_stance, describe_tone, rate_statements
from diplotext.stance.phrases import split_tokens
from diplotext.stance.posture import Posture, judge_posture
from diplotext.stance.selection import choose_targets
from diplotext.stance.surroundings import Surroundings
from diplotext.stance.targets import Named, Speaker, find_named, mark_sides
from diplotext.stance.words import Words, find_phrases

__all__ = [
    "MODEL",
    "Conditional",
    "Posture",
    "PostureClassifier",
    "StanceClassifier",
    "StatementEncoder",
    "extract_conditions",
    "find_conditionals",
    "judge_posture",
    "score_stances",
]

#: name and version of the weights, with the intensity scale.
MODEL = "minilm-stance-1 (goldstein-cameo-1)"
#: how far around the content its cue and the one addressed are looked for, in characters.
_AROUND = 160
_DELEGATE = re.compile(r"spokes|press secretary|adviser|advisor", re.IGNORECASE)


class _Row(NamedTuple):
    """One statement, as far as its columns are there."""

    quote_id: str
    article_id: str
    kind: str | None
    text: str
    cue: str | None
    addressee: str | None
    start: int
    end: int
    speaker: Speaker
    delegate: bool
    name: str


def score_stances(
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    actors: pd.DataFrame | None = None,
    aliases: pd.DataFrame | None = None,
    *,
    issues: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Score what each statement expresses toward each of its targets, and its one posture.

    It does not resolve speakers (run `resolve_speakers` first; without it "we" is known and the speaker's country is
    not), and does not read beyond the statement but for the one addressed beside the cue. The probabilities are
    calibrated on statements that the network had not seen; see the model card in ``resources/stance``.

    Parameters
    ----------
    quotes
        The quotes table; speaker columns may be missing.
    articles
        The articles table, for the date and the words around the cue.
    actors, aliases
        Your own tables, which take precedence over the bundled ones.
    issues
        Your own issues beside the bundled ones, with issue_id, name and patterns: one with a bundled id replaces that
        one, and removes it where it has no patterns.

    Returns
    -------
    The stances table, key quote_id + target_id, in the order of the quotes, the main target first.

    - target_id, target, target_kind, target_country: the actor or issue; a statement without a target has one row with
      an empty target_id, and no target.
    - stance, p_oppose, p_neutral, p_support: the likeliest, and probabilities that sum to 1; missing without a target.
    - sentiment: tone of the words toward the target (without one, of the whole) as a reader of news hears it, in
      [-1, 1]: the network's probability of a positive minus that of a negative one.
    - posture, posture_p, conditional, mode, plover, cameo, quad: of the statement, the same in each of its rows.
    - intensity: Goldstein's value of the CAMEO code, in [-10, 10] (`intensity.csv`, scale goldstein-cameo, version 1).
    - model: `MODEL`.

    Raises
    ------
    ValueError
        If `issues` lacks a column, or names an issue twice or not at all.

    Notes
    -----
    Labels, definitions and the precedence of postures are those of `postures.csv`; codes after PLOVER and CAMEO. The
    table printed with PLOVER gives ACCUSE a positive value; it is a conflict act, and negative here.
    """
    from diplotext.structure.names import load_index

    index = load_index(actors, aliases)
    table = load_issues(issues)
    around = _surroundings(quotes, articles, index)
    nowhere = Surroundings("", "", index, None)
    found = [
        pair for row in _rows(quotes) for pair in _find_targets(row, around.get(row.article_id, nowhere), table)
    ]
    readings = rate_statements([aimed.statement for aimed, _ in found])
    records: list[dict[str, Any]] = []
    whole: dict[str, Any] = {}
    for number, (aimed, ruled) in enumerate(found):
        if not records or aimed.record["quote_id"] != records[-1]["quote_id"]:
            whole = describe_posture(readings, number, ruled)
            whole |= {"intensity": _intensity(whole["plover"], whole["cameo"]), "model": MODEL}
        stance = describe_stance(readings, number) if aimed.record["target_id"] else {}
        records.append({**aimed.record, **stance, "sentiment": describe_tone(readings, number), **whole})
    return schema.build_table("stances", records)


def extract_conditions(quotes: pd.DataFrame, articles: pd.DataFrame, edits: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the conditionals in statements: the condition, the consequence, who acts in each and by what means.

    It does not join a condition and a consequence that stand in different sentences.

    Parameters
    ----------
    quotes, articles
        The tables; offsets of the quotes are into `articles.text`.
    edits
        The edits that `clean_articles` returned; without them they are recovered from the two texts.

    Returns
    -------
    The conditions table, key quote_id + part + start, in the order of the quotes and of the words.

    - part: condition or consequence; a conditional whose other half is not in its sentence has one row.
    - agent, instrument: as printed, or missing; a passive has no agent.
    - aim: deter (an act is not to happen) or compel (one is to happen, or to end).
    - specific: True where the consequence names its means; the same in both rows.
    - start, end, raw_start, raw_end: the half's span in the cleaned and in the raw text.

    Raises
    ------
    ValueError
        If no edits are given and an article's two texts do not align.
    """
    found = [(row, made) for row in _rows(quotes) for made in find_conditionals(row.text)]
    if not found:
        return schema.build_table("conditions")
    needed = {row.article_id for row, _ in found}
    chosen = articles[articles["article_id"].isin(needed)]
    texts = dict(zip(chosen["article_id"], chosen["text"], strict=True))
    maps = offset_maps(chosen, edits)
    records: list[dict[str, Any]] = []
    taken: set[tuple[str, str, int]] = set()
    for row, made in found:
        if row.article_id not in texts:
            continue
        pieces = _align(row.text, texts[row.article_id][row.start : row.end])
        for part, half in (("condition", made.condition), ("consequence", made.consequence)):
            if half is None:
                continue
            start, end = row.start + _place(pieces, half.start), row.start + _place(pieces, half.end - 1) + 1
            if end <= start or (row.quote_id, part, start) in taken:
                continue
            taken.add((row.quote_id, part, start))
            raw_start, raw_end = maps[row.article_id].to_raw(start, end)
            records.append({
                "quote_id": row.quote_id, "part": part, "agent": half.agent, "instrument": half.instrument,
                "aim": made.aim, "specific": made.specific, "start": start, "end": end,
                "raw_start": raw_start, "raw_end": raw_end,
            })  # fmt: skip
    return schema.build_table("conditions", records)


def _rows(quotes: pd.DataFrame) -> Iterator[_Row]:
    n = len(quotes)

    def column(name: str) -> list[Any]:
        if name not in quotes:
            return [None] * n
        values: list[Any] = quotes[name].to_numpy(dtype=object, na_value=None).tolist()
        return values

    names = ("quote_id", "article_id", "kind", "text", "cue", "addressee", "start", "end")
    sources = ("actor_id", "country", "parties", "sector", "role", "speaker_kind", "speaker", "speaker_mention")
    rows = (zip(*(column(c) for c in group), strict=True) for group in (names, sources))
    for values, (actor, country, parties, sector, role, speaker_kind, name, mention) in zip(*rows, strict=True):
        speaker = Speaker(actor or None, country or None, frozenset(filter(None, (parties or "").split(";"))), sector)
        quote_id, article_id, kind, text, cue, addressee, start, end = values
        # who speaks for another says "she thanked": in a readout the one spoken of is the speaker's own side
        delegate = kind == "speech" and (speaker_kind == "organisation" or bool(_DELEGATE.search(role or "")))
        place = int(start or 0), int(end or 0)
        yield _Row(
            quote_id, article_id, kind, text or "", cue, addressee, *place, speaker, delegate, name or mention or ""
        )


def _dates(articles: pd.DataFrame) -> dict[str, dt.date | None]:
    if "published" not in articles:
        return {}
    return {
        a: None if pd.isna(t) else t.date() for a, t in zip(articles["article_id"], articles["published"], strict=True)
    }


def _surroundings(quotes: pd.DataFrame, articles: pd.DataFrame, index: Any) -> dict[str, Surroundings]:
    """Return article_id -> what the article names, of the articles that have statements."""
    speakers: dict[str, list[str]] = {}
    if "speaker" in quotes and "speaker_kind" in quotes:
        people = quotes[(quotes["speaker_kind"] == "person") & quotes["speaker"].notna()]
        for article_id, name in zip(people["article_id"], people["speaker"], strict=True):
            speakers.setdefault(article_id, []).append(name)
    wanted = articles[articles["article_id"].isin(quotes["article_id"])]
    dates = _dates(wanted)
    headlines = wanted["headline"].fillna("") if "headline" in wanted else [""] * len(wanted)
    return {
        article_id: Surroundings(text, headline, index, dates.get(article_id), speakers.get(article_id, ()))
        for article_id, text, headline in zip(wanted["article_id"], wanted["text"], headlines, strict=True)
    }


class _Aimed(NamedTuple):
    """One row of the table as far as the rules fill it, and the statement as the network reads it."""

    record: dict[str, Any]
    statement: Statement


def _find_targets(row: _Row, around: Surroundings, issues: IssueTable) -> list[tuple[_Aimed, Ruled]]:
    """Return a statement's targets, the main one first, or one row without; and what the rules say of it."""
    index = around.index
    tokens = split_tokens(row.text)
    words = [token.word for token in tokens]
    found = issues.find(words)
    named = find_named(row.text, tokens, index, row.speaker, around.date)
    sides = mark_sides(named)
    conditional = bool(find_conditionals(row.text))
    official = row.speaker.sector not in ("expert", "media", "civil")
    posture = judge_posture(
        tokens,
        sides,
        cue=row.cue,
        indirect=row.kind in ("indirect", "mixed") or row.delegate,
        home=row.kind in ("indirect", "mixed") or row.delegate,
        conditional=conditional,
        official=official,
        question=row.text.rstrip(" ”\"'’").endswith("?"),
        text=row.text,
    )
    whole = {i for issue in found if issue.last - issue.first > 1 for i in range(issue.first, issue.last)}
    actors = [n for n in named if not (n.first in whole and n.last - 1 in whole)]  # "NATO expansion" is no actor
    seen = Words(
        row.text, tokens, words, row.start, row.kind, row.speaker, row.name, row.delegate, find_phrases(tokens, found)
    )
    addressed = _addressees(row, around.text, around.date, index)
    candidates = [
        *find_actors(seen, actors, addressed, around, posture, conditional),
        *find_issues(seen, found, posture, conditional),
    ]
    plain = Statement(row.text, "", row.name, row.cue or "")
    own = {"quote_id": row.quote_id}
    rows: list[_Aimed] = []
    for c in choose_targets(candidates):
        record = {"target_id": c.target_id, "target": c.name, "target_kind": c.kind, "target_country": c.country}
        rows.append(_Aimed(own | record, _mark(plain, tokens, c.first, c.last, c.name)))
    ruled = Ruled(posture, conditional, official)
    return [(aimed, ruled) for aimed in rows or [_Aimed(own | {"target_id": ""}, plain)]]


def _mark(statement: Statement, tokens: list[Any], first: int, last: int, name: str) -> Statement:
    """Return a statement with its target as printed, or by its name where it is not in the words."""
    if first < 0:
        return statement._replace(target=name)
    start, end = tokens[first].start, tokens[last - 1].end
    return statement._replace(target=statement.text[start:end], target_at=start)


@cache
def _scale() -> Mapping[tuple[str, str], float]:
    return {(row["kind"], row["code"]): float(row["value"]) for row in read_rows("intensity.csv")}


def _intensity(plover: str | None, cameo: str | None) -> float:
    scale = _scale()
    return scale.get(("cameo", cameo or ""), scale.get(("plover", plover or ""), 0.0))


def _addressees(row: _Row, article: str, date: dt.date | None, index: Any) -> list[Named]:
    """Return the actors addressed: the addressee printed, or one that stands between the cue and the content."""
    window = row.addressee or ""
    if not window and row.cue and article:
        before = article[max(0, row.start - _AROUND) : row.start]
        at = before.rfind(row.cue)
        if at >= 0 and "\n" not in before[at:]:
            window = before[at + len(row.cue) :]
        else:
            after = article[row.end : row.end + _AROUND].split("\n", 1)[0]
            at = after.find(row.cue)
            if at >= 0:
                window = re.split(r"[,.;:“\"]", after[at + len(row.cue) :], maxsplit=1)[0]
    if not window.strip(' ,:“"”'):
        return []
    return [
        n._replace(first=-1, last=-1)
        for n in find_named(window, _tokens(window), index, row.speaker, date)
        if n.side == "other" and n.actor_id != row.speaker.actor_id
    ]


@lru_cache(maxsize=4096)
def _tokens(window: str) -> list[Any]:
    return split_tokens(window)


def _align(text: str, hull: str) -> list[tuple[int, int]]:
    """Return where each piece of a statement's text begins, in the text and in its hull (the cue may stand between)."""
    pieces, i, j = [(0, 0)], 0, 0
    while i < len(text) and j < len(hull):
        if text[i] == hull[j]:
            i, j = i + 1, j + 1
            continue
        if text[i].isspace():
            i += 1
            continue
        probe = text[i : i + 12]
        at = hull.find(probe, j)
        if at < 0:
            break
        pieces.append((i, at))
        j = at
    return pieces


def _place(pieces: list[tuple[int, int]], at: int) -> int:
    start, place = max(piece for piece in pieces if piece[0] <= at)
    return place + at - start
