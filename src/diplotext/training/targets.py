"""Fitting of the weights that choose targets among candidates (`target_weights.csv`); needs no network."""

from __future__ import annotations

import csv
import itertools
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from diplotext.evaluate.attribution import match_statements
from diplotext.language import split_words
from diplotext.names import NameIndex, load_index, surname
from diplotext.stance.gathered import Candidate
from diplotext.stance.issues import IssueTable, load_issues
from diplotext.stance.rows import find_candidates, iterate_rows, read_surroundings
from diplotext.stance.selection import BIAS, FIRST, FURTHER, weigh_features

KINDS = ("actor", "issue")
#: strength of the penalty, how many candidates must have a feature, and the smallest weight that is written.
_C, _FEWEST, _SMALLEST = 0.1, 4, 0.02
#: features that are trusted: they are penalised as if they were thrice as large.
_TRUSTED, _SCALE = re.compile(r"topical|^modifies$|^belongs$"), 3.0
#: weights by hand, where the labelled statements hold hardly a case: of news about the quarrel of two states.
BY_HAND = {
    "addressed": 2.5, "one of two": 2.5, "before him, follows cue": 2.5,
    **dict.fromkeys(("rival cost", "rival refuse", "rival press", "rival blame", "rival give"), 2.5),
}  # fmt: skip
_FOLDS, _CHUNK = 5, 20
_GRID = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4)
_DETERMINER = re.compile(r"^(?:the|our|its|his|her|their|your|all) ", re.IGNORECASE)
#: what may follow a state's name in a phrase that means the state.
_GOVERNMENT = re.compile(
    r"\b(?:government|administration|forces|military|troops|army|authorities|regime|leaders?|officials|side|counterpart|"
    r"federation|people)\b",
    re.IGNORECASE,
)


class Case(NamedTuple):
    """A labelled statement: its candidates, which gold target each of them is (None: none), and the gold targets."""

    document: str
    part: str
    candidates: list[Candidate]
    hits: list[str | None]
    gold: frozenset[str]


def read_cases(data: Sequence[Path]) -> list[Case]:
    """Run the stages over labelled documents, and return the statements found that match a labelled one.

    Parameters
    ----------
    data
        Folders with ``coded.csv`` (of which the rows labelled first are taken, where `imposes` is empty), with
        ``postures.csv`` (rows whose part is report are left out), and with the corpora ``whitehouse/`` and
        ``polnear/{train,dev}/text/``. Labels of other corpora are left out.
    """
    tables = [path / name for path in data for name in ("coded.csv", "postures.csv") if (path / name).is_file()]
    if not tables:
        raise FileNotFoundError(f"data: expected coded.csv in one of the folders; got {[str(p) for p in data]}")
    rows = pd.concat([pd.read_csv(table, dtype="str", keep_default_na=False) for table in tables], ignore_index=True)
    rows["part"] = rows["part"].replace("", "coded").fillna("coded") if "part" in rows else "coded"
    rows = rows[rows["part"] != "report"]
    if "imposes" in rows:  # weights fitted to the later labels too, mostly of politics at home, were no better
        rows = rows[rows["imposes"].fillna("") == ""]
    paths = {d: p for d in rows["document"].unique() if (p := _find_document(d, data)) is not None}
    index, issues = load_index(), load_issues()
    cases: list[Case] = []
    names = list(paths)
    for start in range(0, len(names), _CHUNK):
        chunk = {name: paths[name] for name in names[start : start + _CHUNK]}
        cases += _read_chunk(chunk, rows[rows["document"].isin(chunk)], index, issues)
    return cases


def _find_document(name: str, data: Sequence[Path]) -> Path | None:
    places = (f"whitehouse/{name}", f"polnear/train/text/{name}.txt", f"polnear/dev/text/{name}.txt")
    return next((path / place for path in data for place in places if (path / place).is_file()), None)


def _read_chunk(paths: dict[str, Path], rows: pd.DataFrame, index: NameIndex, issues: IssueTable) -> Iterator[Case]:
    from diplotext.actors import resolve_speakers
    from diplotext.clean import clean_articles
    from diplotext.io import load_articles
    from diplotext.quotes import attribute_quotes

    articles, edits = clean_articles(load_articles(list(paths.values())))
    quotes, spans = attribute_quotes(articles, edits)
    quotes = resolve_speakers(quotes, articles, spans)
    texts = {Path(s).name: (a, t) for s, a, t in articles[["source", "article_id", "raw_text"]].itertuples(index=False)}
    rows = rows.assign(
        article_id=[texts[paths[d].name][0] for d in rows["document"]],
        gold_id=rows["document"] + "#" + rows["start"] + "-" + rows["end"],
        raw_start=rows["start"].astype("int64"), raw_end=rows["end"].astype("int64"),
    )  # fmt: skip
    first = rows.drop_duplicates("gold_id")
    gold = first[["gold_id", "article_id"]].rename(columns={"gold_id": "quote_id"})
    hulls = first[["gold_id", "raw_start", "raw_end"]].rename(columns={"gold_id": "quote_id"})
    pairs = match_statements(quotes, spans, gold, hulls.assign(role="content", part=0))
    wanted = dict(zip(pairs["quote_id"], pairs["gold_id"], strict=True))
    around = read_surroundings(quotes, articles, index)
    labels = dict(list(rows.groupby("gold_id")))
    for row in iterate_rows(quotes[quotes["quote_id"].isin(wanted)]):
        targets = labels[wanted[row.quote_id]].to_dict("records")
        text = texts[paths[targets[0]["document"]].name][1]
        candidates = find_candidates(row, around[row.article_id], issues).candidates
        named = dict(_name_targets(targets, text, index, issues))
        hits = [next((i for i, words in named.items() if _is_same(c, i, words)), None) for c in candidates]
        yield Case(targets[0]["document"], targets[0]["part"], candidates, hits, frozenset(named))


def _name_targets(
    targets: Iterable[dict[str, Any]], text: str, index: NameIndex, issues: IssueTable
) -> Iterator[tuple[str, str]]:
    """Yield the id and the words of each labelled target."""
    for target in targets:
        printed = target["target_start"] and text[int(target["target_start"]) : int(target["target_end"])]
        words = target["target"] or " ".join(printed.split())
        if words:
            yield _name_target(words, target["target_kind"], index, issues), words


def _name_target(words: str, kind: str, index: NameIndex, issues: IssueTable) -> str:
    named = index.name(words)
    if named is not None:
        return named.actor_id
    if kind == "issue":
        found = issues.find([token.word for token in split_words(words)])
        return found[0].issue_id if found else words
    mentions = index.find(words)
    people = {m.actor_id for m in mentions if index.look_up(m.actor_id).kind == "person"}
    if len(people) == 1:
        return people.pop()
    whole = not people and len({m.actor_id for m in mentions}) == 1 and len(words.split()) <= 4
    return mentions[0].actor_id if whole and _GOVERNMENT.search(words, mentions[0].end) else words


def _is_same(candidate: Candidate, target_id: str, words: str) -> bool:
    if candidate.target_id == target_id or candidate.name.lower() == _DETERMINER.sub("", words).lower():
        return True
    family = surname(re.sub(r"[’']s$", "", words)).lower()
    return "unlisted" in candidate.features and surname(candidate.name).lower() == family


class Fit(NamedTuple):
    """Weights of one kind of candidates: feature -> weight, and the intercept."""

    weights: dict[str, float]
    bias: float

    def rate(self, candidate: Candidate) -> float:
        """Return the probability that a candidate is a target."""
        return weigh_features(candidate.features, self.weights | {BIAS: self.bias})


def fit_weights(cases: Iterable[Case], kind: str) -> Fit:
    """Fit a logistic regression over the features of the candidates of one kind."""
    pairs = [(c, hit is not None) for case in cases for c, hit in zip(case.candidates, case.hits, strict=True)]
    pairs = [(c, hit) for c, hit in pairs if c.kind == kind]
    counts = Counter(feature for c, _ in pairs for feature in c.features)
    names = sorted(f for f, n in counts.items() if n >= _FEWEST and f not in BY_HAND)
    number = {name: i for i, name in enumerate(names)}
    scale = np.array([_SCALE if _TRUSTED.search(name) else 1.0 for name in names])
    spots = [(i, number[f]) for i, (c, _) in enumerate(pairs) for f in sorted(c.features) if f in number]
    lines, columns = (np.array(part) for part in zip(*spots, strict=True))
    matrix = csr_matrix((scale[columns], (lines, columns)), shape=(len(pairs), len(names)))
    model = LogisticRegression(C=_C, max_iter=2000).fit(matrix, [hit for _, hit in pairs])
    weights = dict(zip(names, (model.coef_[0] * scale).tolist(), strict=True))
    return Fit(weights | (BY_HAND if kind == "actor" else {}), float(model.intercept_[0]))


Rated = list[tuple[Case, list[float]]]


def rate_apart(cases: Sequence[Case]) -> Rated:
    """Rate each case by weights fitted on other documents."""
    fold = [zlib.crc32(f"f{case.document}".encode()) % _FOLDS for case in cases]
    rated: Rated = []
    for number in range(_FOLDS):
        fits = {kind: fit_weights([c for c, f in zip(cases, fold, strict=True) if f != number], kind) for kind in KINDS}
        rated += [
            (case, [fits[c.kind].rate(c) for c in case.candidates])
            for case, f in zip(cases, fold, strict=True) if f == number
        ]  # fmt: skip
    return rated


def score_cases(rated: Rated, cuts: dict[str, tuple[float, float]]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the targets that are likelier than the cuts (first, further) of their kind."""
    hits = found = gold = 0
    for case, shares in rated:
        chosen = [i for kind in KINDS for i in _choose(case, shares, kind, cuts[kind])]
        hits += len({case.hits[i] for i in chosen} - {None})
        found += len(chosen)
        gold += len(case.gold)
    return hits / max(found, 1), hits / max(gold, 1), 2 * hits / max(found + gold, 1)


def _choose(case: Case, shares: Sequence[float], kind: str, cuts: tuple[float, float]) -> list[int]:
    order = sorted((i for i, c in enumerate(case.candidates) if c.kind == kind), key=lambda i: -shares[i])
    return [i for rank, i in enumerate(order) if shares[i] >= cuts[rank > 0]]


def fit_targets(data: Sequence[Path], out: Path) -> dict[str, Any]:
    """Fit the weights on labelled statements, choose the cuts on other documents, and write ``target_weights.csv``.

    Returns
    -------
    dict with precision, recall and F1 across folds, and the number of statements.
    """
    cases = read_cases(data)
    rated = rate_apart(cases)
    pairs = [(a, b) for a, b in itertools.product(_GRID, _GRID) if b >= a]
    cuts = max(
        ({"actor": a, "issue": i} for a, i in itertools.product(pairs, pairs)), key=lambda c: score_cases(rated, c)[2]
    )
    fits = {kind: fit_weights(cases, kind) for kind in KINDS}
    out.mkdir(parents=True, exist_ok=True)
    with (out / "target_weights.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["kind", "feature", "weight"])
        for kind, fit in fits.items():
            first, further = cuts[kind]
            writer.writerows([(kind, BIAS, f"{fit.bias:.3f}"), (kind, FIRST, first), (kind, FURTHER, further)])
            writer.writerows((kind, f, f"{w:.3f}") for f, w in sorted(fit.weights.items()) if abs(w) >= _SMALLEST)
    scores = dict(zip(("precision", "recall", "f1"), score_cases(rated, cuts), strict=True))
    return scores | {"statements": len(cases)}
