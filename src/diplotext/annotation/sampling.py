"""Samples of statements for people to label, drawn with known probabilities."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from diplotext import schema

#: bounds between the classes of confidence that strata have.
_LOW, _HIGH = 0.6, 0.9
#: the least that a statement's uncertainty counts: what seems certain can be drawn by it too.
_LEAST = 0.02


def sample_annotations(analysis: schema.Analysis, n: int, *, uncertain: float = 0.5, seed: int = 0) -> pd.DataFrame:
    """Draw statements for people to label, part at random and part by how unsure the machine is of them.

    It does not draw a statement twice through its copies: of each utterance the earliest printing alone can be drawn,
    and of a copied article nothing that another article says as well.

    One systematic draw with unequal probabilities (Madow 1949; Särndal, Swensson & Wretman 1992, ch. 3.6) gives
    exactly `n` statements. Statement *i* is drawn with probability p_i = min(1, a + b·u_i), where u_i is 1 − the least
    probability that the stages gave with it; a and b share out n as `uncertain` says. Statements stand in the order of
    country, posture, confidence and kind, so that every such stratum gets its expected number to within one. Given
    that it is drawn, a statement belongs to the random part with probability a / p_i: the random part alone is a
    sample with equal probabilities.

    Parameters
    ----------
    analysis
        With articles, quotes (speakers resolved) and stances; utterances where they were made.
    n
        How many statements; all of them, with probability 1, if there are not more.
    uncertain
        Share of the uncertain part, in [0, 1).
    seed
        The same seed draws the same sample, in whatever order the tables' rows stand.

    Returns
    -------
    The samples table (key sample_id) in a random order, so that the first so many are a sample too: sample_id, item_id
    (a quote_id), article_id, raw_start, raw_end, stratum, part, p_inclusion (in (0, 1], of either part).

    Raises
    ------
    ValueError
        If `n` or `uncertain` is outside its values, or there is no statement.

    Examples
    --------
    >>> samples = sample_annotations(analysis, 10, seed=7)
    >>> len(samples), sorted(samples["part"].unique())
    (10, ['random', 'uncertain'])
    """
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
        raise ValueError(f"n: expected a whole number of statements from 1; got {n!r}")
    if not 0 <= uncertain < 1:
        raise ValueError(
            f"uncertain: expected a share in [0, 1), so that every statement can be drawn; got {uncertain!r}"
        )
    quotes, articles, stances = schema.take_tables(analysis, "quotes", "articles", "stances")
    own = _count_once(quotes, articles, analysis.utterances)
    if own.empty:
        raise ValueError("analysis: expected statements to draw from; got none")
    own = own.merge(_describe(stances), on="quote_id", how="left")
    own["draw"] = [_uniform(seed, "order", quote_id) for quote_id in own["quote_id"]]
    sure = _measure_sureness(own)
    classes = np.select([sure < _LOW, sure < _HIGH], ["low", "middle"], "high")
    strata = ["country", "posture", "sure", "kind"]
    own = own.assign(sure=classes, doubt=np.maximum(1 - sure, _LEAST)).sort_values(
        [*strata, "draw"], na_position="last"
    )
    base, chance = share_out(own["doubt"].to_numpy(), min(n, len(own)), uncertain)
    drawn, random = draw_units(own["quote_id"].tolist(), base, chance, seed)
    own = own.assign(p_inclusion=chance, part=np.where(random, "random", "uncertain"))[drawn]
    parts = [own[name].fillna("none") for name in strata]
    own["stratum"] = parts[0].str.cat(parts[1:], sep=" · ")
    own = own.iloc[np.argsort([_uniform(seed, "shown", quote_id) for quote_id in own["quote_id"]], kind="stable")]
    width = max(3, len(str(len(own))))
    own["sample_id"] = [f"s{number:0{width}}" for number in range(1, len(own) + 1)]
    columns = {"item_id": own["quote_id"], **{c: own[c] for c in _KEPT}}
    return schema.build_table("samples", pd.DataFrame(columns))


_KEPT = ["sample_id", "article_id", "raw_start", "raw_end", "stratum", "part", "p_inclusion"]


def _count_once(quotes: pd.DataFrame, articles: pd.DataFrame, utterances: pd.DataFrame | None) -> pd.DataFrame:
    """Return the statements that count: one printing of each utterance, and what copies do not share."""
    home = articles.set_index("article_id")["duplicate_of"]
    copied = quotes["article_id"].map(home)
    said = quotes["text"].str.casefold().str.replace(r"\W+", " ", regex=True).str.strip()
    own = quotes.assign(copy=copied.notna(), story=copied.fillna(quotes["article_id"]), said=said)
    if utterances is None:
        return own[~own["copy"]]
    order = utterances.set_index("quote_id")
    own["utterance"] = own["quote_id"].map(order["utterance_id"]).fillna(own["quote_id"])
    own["printing"] = own["quote_id"].map(order["printing"])
    own = own.sort_values(["printing", "copy", "quote_id"], na_position="last").drop_duplicates("utterance")
    return own.sort_values(["copy", "quote_id"]).drop_duplicates(["story", "said"])


def _describe(stances: pd.DataFrame) -> pd.DataFrame:
    """Return posture and the least probability that its stances row gives, by statement (main target)."""
    best = stances[["p_oppose", "p_neutral", "p_support"]].max(axis=1)
    least = pd.concat([best, stances["posture_p"], stances["target_p"]], axis=1).min(axis=1)
    return stances[["quote_id", "posture"]].assign(least=least).drop_duplicates("quote_id")


def _measure_sureness(own: pd.DataFrame) -> np.ndarray:
    """Return the least of the probabilities that came with each statement; a half where none did."""
    return own[["confidence", "speaker_confidence", "least"]].min(axis=1).fillna(0.5).clip(0, 1).to_numpy(dtype=float)


def share_out(doubt: np.ndarray, n: int, uncertain: float) -> tuple[float, np.ndarray]:
    """Return a, and the probabilities p = min(1, a + b·doubt), which sum to n; a gives 1 − uncertain of n."""
    if n == len(doubt):
        return 1 - uncertain, np.ones(len(doubt))
    base = (1 - uncertain) * n / len(doubt)
    low, high = 0.0, n / doubt.min()
    for _ in range(80):  # the sum rises with b; each step halves where b lies
        slope = (low + high) / 2
        if np.minimum(1, base + slope * doubt).sum() < n:
            low = slope
        else:
            high = slope
    return base, np.minimum(1, base + high * doubt)


def draw_units(ids: list[str], base: float, chance: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw units in their order, systematically; tell of each whether it is drawn, and whether it is a random one."""
    bounds = np.floor(np.concatenate([[0], np.cumsum(chance)]) - _uniform(seed, "start") + 1e-9)
    lots = np.array([_uniform(seed, "part", unit) for unit in ids])
    return np.diff(bounds) > 0, lots * chance < base


def _uniform(seed: int, *parts: str) -> float:
    """Return a number in [0, 1) that seed and parts decide, the same on every machine."""
    digest = hashlib.blake2b("\x1f".join((str(seed), *parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
