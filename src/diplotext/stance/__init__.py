"""What a statement expresses: toward whom, with what act, under what condition.

Rules find the targets, the halves of conditionals and the finer codes; a trained network (`MODEL`) tells posture, mode,
condition and the stance toward each target. `judge_posture` and `find_conditionals` work on plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import zip_longest
from typing import Any, NamedTuple

import pandas as pd

from diplotext import schema
from diplotext.encoder import Statement
from diplotext.language import Word
from diplotext.schema import read_rows
from diplotext.spans import offset_maps
from diplotext.stance.conditions import Conditional, find_conditionals
from diplotext.stance.estimators import PostureClassifier, StanceClassifier, StatementEncoder
from diplotext.stance.explain import explain_posture
from diplotext.stance.gathered import Candidate
from diplotext.stance.issues import IssueTable, load_issues
from diplotext.stance.learned import Ruled, describe_posture, describe_stance, describe_tone, rate_statements
from diplotext.stance.posture import Posture, judge_posture
from diplotext.stance.rows import Row, find_candidates, iterate_rows, read_surroundings
from diplotext.stance.selection import choose_targets
from diplotext.stance.surroundings import Surroundings

__all__ = [
    "MODEL",
    "Conditional",
    "Posture",
    "PostureClassifier",
    "StanceClassifier",
    "StatementEncoder",
    "explain_stance",
    "extract_conditions",
    "find_conditionals",
    "judge_posture",
    "score_stances",
]

#: name and version of the weights, with the intensity scale.
MODEL = "minilm-stance-2 (goldstein-cameo-1)"


def score_stances(
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    spans: pd.DataFrame | None = None,
    *,
    dictionaries: schema.Dictionaries | None = None,
    abstain_below: float = 0.0,
) -> pd.DataFrame:
    """Score what each statement expresses toward each of its targets, and its one posture.

    It does not resolve speakers (run `resolve_speakers` first). Targets are those whom the words are aimed at, not all
    that are named: they are chosen by features with fitted weights (``target_weights.csv``) among actors and issues
    named, the one addressed, and actors named before the statement in the article, for "they", "both sides" or a threat
    that names nobody. Of an issue it knows what stands in the tables. The probabilities are calibrated on statements
    that the network had not seen; see the model card in ``resources/stance``.

    Parameters
    ----------
    quotes
        The quotes table, after `resolve_speakers`.
    articles
        The articles table, for the date and the words around the cue.
    spans
        The spans table of the statements.
    dictionaries
        Your own actors, aliases and issues, which take precedence over the bundled ones.
    abstain_below
        Probability below which a posture or a stance is left missing; 0 always decides. The model card's curve tells
        which share is then decided, and how much of it is right. Codes, quad class and intensity go with the posture.

    Returns
    -------
    The stances table, key quote_id + target_id, in the order of the quotes, the main target first.

    - target_id, target, target_kind, target_country: the actor or issue; somebody whom no table knows, and a group such
      as "European allies", has the name as target_id. A statement without a target has one row with an empty target_id,
      and no target.
    - stance, p_oppose, p_neutral, p_support: the likeliest, and probabilities that sum to 1; missing without a target.
    - sentiment: tone of the words toward the target (without one, of the whole) as a reader of news hears it, in
      [-1, 1]: the network's probability of a positive minus that of a negative one.
    - posture, posture_p, conditional, mode, plover, cameo, quad: of the statement, the same in each of its rows.
    - intensity: Goldstein's value of the CAMEO code, in [-10, 10] (`intensity.csv`, scale goldstein-cameo, version 1).
    - model: `MODEL`.

    Raises
    ------
    ValueError
        If the tables do not belong together or speakers are not resolved, or `abstain_below` is not in [0, 1].

    Notes
    -----
    Labels, definitions and the precedence of postures are those of `postures.csv`; codes after PLOVER and CAMEO. The
    table printed with PLOVER gives ACCUSE a positive value; it is a conflict act, and negative here.
    """
    if not 0 <= abstain_below <= 1:
        raise ValueError(f"abstain_below: expected a probability from 0 to 1; got {abstain_below!r}")
    quotes, articles, _ = schema.check_statements(quotes, articles, spans, resolved=True)
    aimed = _read_aimed(quotes, articles, schema.check_dictionaries(dictionaries))
    readings = rate_statements([statement for row in aimed for statement in row.statements])
    records: list[dict[str, Any]] = []
    number = 0
    for row in aimed:
        whole = describe_posture(readings, number, row.ruled)
        whole |= {"intensity": _intensity(whole["plover"], whole["cameo"]), "model": MODEL}
        for target, _ in zip_longest(row.targets, row.statements):
            stance = {} if target is None else _describe_target(target) | describe_stance(readings, number)
            own = {"quote_id": row.quote_id, "target_id": "", "sentiment": describe_tone(readings, number)}
            records.append(own | stance | whole)
            number += 1
    table = schema.build_table("stances", records)
    unsure = table["posture_p"] < abstain_below
    table.loc[unsure, ["posture", "plover", "cameo", "quad"]] = None
    table.loc[unsure, "intensity"] = float("nan")
    table.loc[table[[f"p_{name}" for name in schema.STANCES]].max(axis=1) < abstain_below, "stance"] = None
    return table


def explain_stance(quote_id: str, analysis: schema.Analysis) -> pd.DataFrame:
    """Show why a statement has its posture: the words that decided, and the nearest of our own labelled statements.

    It tells what moved the program, not whether it is right.

    Parameters
    ----------
    quote_id
        Which statement.
    analysis
        With articles and quotes, and the dictionaries that `score_stances` was given.

    Returns
    -------
    DataFrame evidence, text, posture, weight, start, end, in this order of evidence:

    - ``posture``: the statement, the posture given, and its probability
    - ``rule``: the words that the table of cues decided by, the posture that it names, and how sure it is
    - ``word``: up to five words without which the network is less sure of the posture, and by how much, in (0, 1]
    - ``neighbour``: the three nearest of the statements in ``data/statements.csv``, which we wrote, their posture, and
      the cosine of the angle between them, in [-1, 1]

    start and end are characters of the statement's text; missing where the words are not of it.

    Raises
    ------
    ValueError
        If there is no such statement.
    """
    articles, quotes = schema.take_tables(analysis, "articles", "quotes")
    schema.check_statements(quotes, articles, resolved=True)
    chosen = quotes.loc[quotes["quote_id"] == quote_id, "article_id"]
    if chosen.empty:
        raise ValueError(f"quote_id: expected one of the quotes table; got {quote_id!r}")
    around = quotes[quotes["article_id"].isin(chosen)]  # who else speaks there is known by name
    own = schema.check_dictionaries(analysis.dictionaries)
    row = next(r for r in _read_aimed(around, articles, own) if r.quote_id == quote_id)
    whole = describe_posture(rate_statements(row.statements[:1]), 0, row.ruled)
    return explain_posture(row.statements[0], row.tokens, row.ruled.posture, whole["posture"], whole["posture_p"])


def extract_conditions(
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    spans: pd.DataFrame | None = None,
    *,
    edits: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Find the conditionals in statements: the condition, the consequence, who acts in each and by what means.

    It does not join a condition and a consequence that stand in different sentences.

    Parameters
    ----------
    quotes, articles
        The tables; offsets of the quotes are into `articles.text`.
    spans
        The spans table of the quotes, which tells where each piece of a statement stands; without it the pieces are
        looked for in the text.
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
        If the tables do not belong together, or no edits are given and an article's two texts do not align.
    """
    quotes, articles, spans = schema.check_statements(quotes, articles, spans)
    found = [(row, made) for row in iterate_rows(quotes) for made in find_conditionals(row.text)]
    if not found:
        return schema.build_table("conditions")
    needed = {row.article_id for row, _ in found}
    chosen = articles[articles["article_id"].isin(needed)]
    texts = dict(zip(chosen["article_id"], chosen["text"], strict=True))
    maps = offset_maps(chosen, None if edits is None else schema.check_input(edits, "edits"))
    places = _content_places(spans)
    records: list[dict[str, Any]] = []
    taken: set[tuple[str, str, int]] = set()
    for row, made in found:
        pieces = places.get(row.quote_id) or [
            (at, row.start + place) for at, place in _align(row.text, texts[row.article_id][row.start : row.end])
        ]
        for part, half in (("condition", made.condition), ("consequence", made.consequence)):
            if half is None:
                continue
            start, end = _place(pieces, half.start), _place(pieces, half.end - 1) + 1
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


class _Aimed(NamedTuple):
    """One statement, its targets, and how the network reads it with each of them marked, or with nobody."""

    quote_id: str
    tokens: list[Word]
    ruled: Ruled
    targets: list[Candidate]
    statements: list[Statement]


def _describe_target(target: Candidate) -> dict[str, Any]:
    return {"target_id": target.target_id, "target": target.name, "target_kind": target.kind,
            "target_country": target.country}  # fmt: skip


def _read_aimed(quotes: pd.DataFrame, articles: pd.DataFrame, own: schema.Dictionaries) -> list[_Aimed]:
    """Judge every statement by rules, and prepare it for the network."""
    from diplotext.names import load_index

    index = load_index(own.actors, own.aliases)
    table = load_issues(own.issues)
    around = read_surroundings(quotes, articles, index)
    nowhere = Surroundings("", "", index, None)
    return [_aim(row, around.get(row.article_id, nowhere), table) for row in iterate_rows(quotes)]


def _aim(row: Row, around: Surroundings, issues: IssueTable) -> _Aimed:
    found = find_candidates(row, around, issues)
    plain = Statement(row.text, "", row.name, row.cue or "")
    targets = choose_targets(found.candidates)
    marked = [_mark(plain, found.tokens, c.first, c.last, c.name) for c in targets]
    ruled = Ruled(found.posture, found.conditional, found.official)
    return _Aimed(row.quote_id, found.tokens, ruled, targets, marked or [plain])


def _mark(statement: Statement, tokens: list[Word], first: int, last: int, name: str) -> Statement:
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


def _content_places(spans: pd.DataFrame | None) -> dict[str, list[tuple[int, int]]]:
    """Return, of each statement, where its pieces begin, in its own text (joined by a space) and in the article's."""
    places: dict[str, list[tuple[int, int]]] = {}
    if spans is None:
        return places
    content = spans[spans["role"] == "content"].sort_values(["quote_id", "part"])
    at = 0
    for quote_id, start, end in zip(*(content[c].to_list() for c in ("quote_id", "start", "end")), strict=True):
        own = places.setdefault(quote_id, [])
        at = at + 1 if own else 0
        own.append((at, start))
        at += end - start
    return places


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
