"""The stances table: one row a statement and target, by the network and, for finer codes, by rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from diplotext import schema
from diplotext.cast import Cast, read_cast
from diplotext.encoder import Statement, load_vectors, pool_statement
from diplotext.language.sentences import find_sentences
from diplotext.names import NameIndex, load_index
from diplotext.schema import read_rows
from diplotext.spans import Span, offset_maps
from diplotext.stance.aims import find_candidates
from diplotext.stance.choice import Candidate, Facts, choose_targets, describe_candidates
from diplotext.stance.classifiers import PostureClassifier, StanceClassifier, load_head
from diplotext.stance.fusion import describe_posture, describe_stance, describe_tone, posture_codes, weigh_postures
from diplotext.stance.issues import load_issues
from diplotext.stance.passages import cut_passage
from diplotext.stance.ruled import Row, Ruled, iterate_rows, judge_row

#: name and version of the weights, with the intensity scale.
MODEL = "minilm-stance-3 (goldstein-cameo-1)"
_OF_ARTICLES = ("article_id", "text", "headline", "byline", "dateline", "outlet", "published")


def score_stances(
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    spans: pd.DataFrame | None = None,
    *,
    edits: pd.DataFrame | None = None,
    dictionaries: schema.Dictionaries | None = None,
    posture: PostureClassifier | None = None,
    stance: StanceClassifier | None = None,
    abstain_below: float = 0.0,
) -> pd.DataFrame:
    """Score whom and what each statement is aimed at, what it expresses toward each, and its one posture.

    It does not resolve speakers (run `resolve_speakers` first). A trained network reads the statement in its sentences,
    with cue, source and content told apart and the words before as context, and tags the words that print a target:
    any actor or issue, known to a table or not. What they mean is told by the article's cast (`diplotext.cast`) and by
    the table of issues. The probabilities are calibrated on articles that the network had not seen; see the model card
    in ``resources/stance``.

    Parameters
    ----------
    quotes
        The quotes table; speaker columns may be missing.
    articles
        The articles table that the statements come from.
    spans
        The spans table of the same statements; without it the whole of a statement is read as content.
    edits
        The edits that `clean_articles` returned; without them they are recovered from the two texts.
    dictionaries
        Your own actors, aliases and issues, which take precedence over the bundled ones.
    posture, stance
        Your own fitted classifiers, for a codebook of your own; their labels take the place of the usual ones.
        Codes, quad class and intensity are missing for a posture that is none of the 17.
    abstain_below
        Probability below which a posture or a stance is left missing; 0 always decides. The model card's curve tells
        which share is then decided, and how much of it is right. Codes, quad class and intensity go with the posture.

    Returns
    -------
    The stances table, key quote_id + target_id, in the order of the quotes, the main target first.

    - target_id: an actor's id, an issue's id, or ``open:`` and the normalised phrase; target, target_kind,
      target_country: its name, actor or issue, and the ISO code of a state or of who acts for one; issue: the table's
      issue that it belongs to.
    - mention, start, end, raw_start, raw_end: the printed words and their place; target_p: how sure it is, in [0, 1],
      that they are a target. A statement without a target has one row with an empty target_id, and no target.
    - stance, p_oppose, p_neutral, p_support: the likeliest, and probabilities that sum to 1; missing without a target.
    - sentiment: tone of the words toward the target (without one, of the whole) as a reader of news hears it, in
      [-1, 1]: the network's probability of a positive minus that of a negative one.
    - posture, posture_p, conditional, mode, plover, cameo, quad: of the statement, the same in each of its rows.
    - intensity: Goldstein's value of the CAMEO code, in [-10, 10] (`intensity.csv`, scale goldstein-cameo, version 1).
    - model: `MODEL`.

    Raises
    ------
    ValueError
        If an own table is wrong, a statement's article is missing, or `abstain_below` is not in [0, 1].

    Notes
    -----
    Labels, definitions and the precedence of postures are those of `postures.csv`; codes after PLOVER and CAMEO. The
    table printed with PLOVER gives ACCUSE a positive value; it is a conflict act, and negative here.

    Examples
    --------
    >>> articles = dt.load_articles(texts=["The envoy of Kenya said on Monday that her government rejects the plan."])
    >>> quotes, spans = dt.attribute_quotes(articles)
    >>> quotes = dt.resolve_speakers(quotes, articles, spans)
    >>> score_stances(quotes, articles, spans)[["target", "stance", "posture"]].to_numpy().tolist()
    [['plan', 'oppose', 'reject']]
    """
    if not 0 <= abstain_below <= 1:
        raise ValueError(f"abstain_below: expected a probability from 0 to 1; got {abstain_below!r}")
    quotes, articles, spans = schema.check_statements(quotes, articles, spans, resolved=True)
    edits = None if edits is None else schema.check_input(edits, "edits")
    records: list[dict[str, Any]] = []
    for aimed in read_aimed(quotes, articles, spans, edits, schema.check_dictionaries(dictionaries)):
        records += _describe(aimed, posture, stance)
    table = schema.build_table("stances", records)
    unsure = table["posture_p"] < abstain_below
    table.loc[unsure, ["posture", "plover", "cameo", "quad"]] = None
    table.loc[unsure, "intensity"] = float("nan")
    table.loc[table[[f"p_{name}" for name in schema.STANCES]].max(axis=1) < abstain_below, "stance"] = None
    return table


class Aimed(NamedTuple):
    """One statement as it was read.

    `base` is where its text begins, `candidates` is all that might be its target, with `facts`, what speaks for each;
    `aims` are those that are.
    """

    row: Row
    statement: Statement
    base: int
    vector: np.ndarray
    candidates: list[Candidate]
    facts: Sequence[Facts]
    aims: list[Candidate]
    ruled: Ruled


def read_aimed(
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    spans: pd.DataFrame | None,
    edits: pd.DataFrame | None,
    dictionaries: schema.Dictionaries,
) -> Iterator[Aimed]:
    """Yield every statement in the order of the quotes, read in its article."""
    names, issues = load_index(dictionaries.actors, dictionaries.aliases), load_issues(dictionaries.issues)
    reader, kind, posture = load_vectors(), load_head("kind"), load_head("posture")
    bundled = load_index()  # own tables change no posture
    pieces = _read_pieces(spans)
    wanted = articles[articles["article_id"].isin(quotes["article_id"])]
    maps = offset_maps(wanted, edits)
    known = {row["article_id"]: row for row in wanted.reindex(columns=_OF_ARTICLES).to_dict("records")}
    opened: tuple[str, Cast, list[Span]] | None = None
    before: list[dict[str, Any]] = []
    for row in iterate_rows(quotes):
        article = known[row.article_id]
        if opened is None or opened[0] != row.article_id:
            opened = row.article_id, _open_cast(article, names), find_sentences(article["text"])
            before = []
        _, cast, sentences = opened
        own = pieces.get(row.quote_id) or [("content", row.start, row.end)]
        headline = article["headline"] if isinstance(article["headline"], str) else ""
        statement, base = cut_passage(cast.text, sentences, own, headline, row.name)
        reading = reader.run(statement)
        vector = pool_statement(reading.states, reading.cut.part)
        candidates = find_candidates(reading, base, cast, issues, kind, before)
        ids = frozenset(columns["target_id"] for columns in before)
        facts = describe_candidates(candidates, row, posture.share(vector)["state"], ids)
        aims = choose_targets(candidates, facts)
        for aim in aims:
            raw = maps[row.article_id].to_raw(aim.columns["start"], aim.columns["end"])
            aim.columns.update(raw_start=raw[0], raw_end=raw[1])
        before = [aim.columns for aim in aims]
        yield Aimed(row, statement, base, vector, candidates, facts, aims, judge_row(row, bundled))


def _open_cast(article: dict[str, Any], names: NameIndex) -> Cast:
    told = {key: value if isinstance(value, str) else None for key, value in article.items()}
    return read_cast(
        article["text"], names=names, headline=told["headline"], byline=told["byline"], dateline=told["dateline"],
        outlet=told["outlet"], date=None if pd.isna(article["published"]) else article["published"].date(),
    )  # fmt: skip


def _read_pieces(spans: pd.DataFrame | None) -> dict[str, list[tuple[str, int, int]]]:
    pieces: dict[str, list[tuple[str, int, int]]] = {}
    if spans is not None:
        for quote_id, role, start, end in spans[["quote_id", "role", "start", "end"]].itertuples(index=False):
            pieces.setdefault(quote_id, []).append((role, int(start), int(end)))
    return pieces


def _describe(aimed: Aimed, posture: PostureClassifier | None, stance: StanceClassifier | None) -> list[dict[str, Any]]:
    """Return a statement's rows."""
    postures = weigh_postures(aimed.vector, aimed.ruled, aimed.aims)
    whole = describe_posture(aimed.vector, aimed.ruled, postures)
    if posture is not None:
        shares = posture.share(aimed.vector)
        label = max(shares, key=lambda name: shares[name])
        whole |= {"posture": label, "posture_p": shares[label], **posture_codes(label)}
    whole |= {"intensity": _intensity(whole["plover"], whole["cameo"]), "model": MODEL}
    rows = [
        aim.columns
        | describe_stance(aim, postures, main=rank == 0, own=stance)
        | {"sentiment": describe_tone(aim.vector)}
        for rank, aim in enumerate(aimed.aims)
    ] or [{"target_id": "", "sentiment": describe_tone(aimed.vector)}]
    return [{"quote_id": aimed.row.quote_id} | row | whole for row in rows]


@cache
def _scale() -> Mapping[tuple[str, str], float]:
    return {(row["kind"], row["code"]): float(row["value"]) for row in read_rows("intensity.csv")}


def _intensity(plover: str | None, cameo: str | None) -> float:
    scale = _scale()
    return scale.get(("cameo", cameo or ""), scale.get(("plover", plover or ""), 0.0))
