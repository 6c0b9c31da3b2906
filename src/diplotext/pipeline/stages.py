"""The stages that work on each article for itself, one after the other; what goes wrong in an article stays in it."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from threadpoolctl import threadpool_limits

from diplotext import schema
from diplotext.pipeline.limits import TimeUp, limit_time

Tables = dict[str, pd.DataFrame]

#: the tables that the stages make, in order.
MADE = ("articles", "edits", "sentences", "quotes", "spans", "stances", "conditions")
#: what an article may take, in seconds.
SECONDS = 120.0


class Failure(NamedTuple):
    """An article that a stage did not bear."""

    article_id: str
    source: str
    stage: str
    reason: str


def describe_failure(failure: Failure) -> str:
    """Return what is said of a failure where a run is watched."""
    return f"{failure.source}: {failure.stage} failed: {failure.reason}; it is left out of the tables from there on"


def name_failures(failures: Sequence[Failure]) -> None:
    """Say on stderr which articles failed, where and why."""
    for failure in failures:
        print(describe_failure(failure), file=sys.stderr)  # noqa: T201 (the run's own channel)


def make_tables(articles: pd.DataFrame, own: schema.Dictionaries) -> Tables:
    """Return the tables that `run_stages` makes, its failures named."""
    made, failures = run_stages(articles, own)
    name_failures(failures)
    return made


class _Stage(NamedTuple):
    """The tables that a stage makes, and how."""

    makes: tuple[str, ...]
    run: Callable[[Tables, schema.Dictionaries], Tables]


class Outcome(NamedTuple):
    """What the stages made of some articles: the tables in `MADE`, and the articles that failed."""

    tables: Tables
    failures: list[Failure]


def run_stages(
    articles: pd.DataFrame,
    own: schema.Dictionaries,
    seconds: float = SECONDS,
    tell: Callable[[str], Any] = lambda stage: None,
    last: str = "extract_conditions",
) -> Outcome:
    """Run every per-article stage over some articles.

    A stage that raises, or takes too long, is run again article by article; one that then fails is left out of that
    stage's tables and the later ones. It raises itself only where nothing can work, as without the networks' weights.

    Parameters
    ----------
    articles
        From `load_articles`.
    own
        The user's tables.
    seconds
        Time that an article may take.
    tell
        Is called with a stage's name whenever one begins.
    last
        The stage to end with; what later ones make is empty.
    """
    _warm_up()
    # Products of numpy's between two calls of the networks are tiny: more threads only take the networks' cores.
    with threadpool_limits(1, user_api="blas"):
        return _run_all(articles, own, seconds, tell, last)


def _run_all(
    articles: pd.DataFrame, own: schema.Dictionaries, seconds: float, tell: Callable[[str], Any], last: str
) -> Outcome:
    done: Tables = {name: schema.build_table(name) for name in MADE} | {"articles": articles}
    failures: list[Failure] = []
    clock = _Clock(seconds, articles["article_id"])
    given = done
    for name, stage in _STAGES.items():
        made, failed = _run_stage(name, stage, given, own, clock, tell)
        done = done | made
        failures += failed
        if name == last:
            break
        if failures:
            lost = {failure.article_id for failure in failures}
            given = _select(done, [key for key in given["articles"]["article_id"] if key not in lost])
        else:
            given = done
    # Pieces of statements whose speakers could not be told stand for nothing.
    pieces = done["spans"]["quote_id"].isin(done["quotes"]["quote_id"])
    return Outcome(done | {"spans": done["spans"][pieces].reset_index(drop=True)}, failures)


@cache
def _warm_up() -> None:
    """Load what takes long on first use, which is no article's fault."""
    from diplotext import actors, clean, quotes, stance, structure  # noqa: F401
    from diplotext.encoder import load_encoder, load_vectors

    load_encoder()
    load_vectors()


class _Clock:
    """What each article has used of its time."""

    def __init__(self, seconds: float, article_ids: Sequence[str]) -> None:
        self.seconds = seconds
        self._spent = dict.fromkeys(article_ids, 0.0)

    def run(self, article_ids: Sequence[str], call: Callable[[], Tables]) -> Tables:
        """Call within the time that the articles have left, each at least a moment."""
        began = time.monotonic()
        with limit_time(max(self.seconds - max(self._spent[key] for key in article_ids), 0.001)):
            made = call()
        for key in article_ids:
            self._spent[key] += (time.monotonic() - began) / len(article_ids)
        return made


def _run_stage(
    name: str,
    stage: _Stage,
    given: Tables,
    own: schema.Dictionaries,
    clock: _Clock,
    tell: Callable[[str], Any],
) -> tuple[Tables, list[Failure]]:
    ids, sources = given["articles"]["article_id"].tolist(), given["articles"]["source"].tolist()
    if not ids:
        return {}, []
    tell(name)
    try:
        return clock.run(ids, lambda: stage.run(given, own)), []
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of a compiled library is no Exception
        if len(ids) == 1:
            failure = Failure(ids[0], sources[0], name, _explain(error, clock.seconds))
            return {n: given[n].iloc[:0] for n in stage.makes}, [failure]
    parts, failures = [], []
    for key in ids:
        made, failed = _run_stage(name, stage, _select(given, [key]), own, clock, tell)
        parts.append(made)
        failures += failed
    return join_tables(parts), failures


def _explain(error: BaseException, seconds: float) -> str:
    if isinstance(error, TimeUp):
        return explain_time(seconds)
    place = traceback.extract_tb(error.__traceback__)[-1]
    message = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return f"{message} ({Path(place.filename).name}:{place.lineno})"


def explain_time(seconds: float) -> str:
    """Return the reason of an article that takes too long."""
    return f"it takes more than {seconds:g} seconds (--seconds-per-article)"


def _select(tables: Mapping[str, pd.DataFrame], article_ids: Sequence[str]) -> Tables:
    """Return the rows of some articles."""
    quotes = tables["quotes"].loc[tables["quotes"]["article_id"].isin(article_ids), "quote_id"]
    return {
        name: table[
            table["article_id"].isin(article_ids) if "article_id" in table else table["quote_id"].isin(quotes)
        ].reset_index(drop=True)
        for name, table in tables.items()
    }


def join_tables(parts: Sequence[Mapping[str, pd.DataFrame]]) -> Tables:
    """Return the tables of several parts as one each."""
    joined: Tables = {}
    for name in dict.fromkeys(name for part in parts for name in part):
        frames = [part[name] for part in parts if name in part]
        filled = [frame for frame in frames if len(frame)]
        joined[name] = pd.concat(filled, ignore_index=True) if filled else frames[0]
    return joined


def _clean(given: Tables, own: schema.Dictionaries) -> Tables:
    from diplotext.clean import clean_articles

    articles, edits = clean_articles(given["articles"])
    return {"articles": articles, "edits": edits}


def _split(given: Tables, own: schema.Dictionaries) -> Tables:
    from diplotext.structure import split_sentences

    return {"sentences": split_sentences(given["articles"], given["edits"])}


def _attribute(given: Tables, own: schema.Dictionaries) -> Tables:
    from diplotext.quotes import attribute_quotes

    quotes, pieces = attribute_quotes(given["articles"], given["edits"])
    return {"quotes": quotes, "spans": pieces}


def _resolve(given: Tables, own: schema.Dictionaries) -> Tables:
    from diplotext.actors import resolve_speakers

    if own.corrections is not None:  # those of other articles are others'
        own = own._replace(corrections=own.corrections[own.corrections["quote_id"].isin(given["quotes"]["quote_id"])])
    return {"quotes": resolve_speakers(given["quotes"], given["articles"], given["spans"], dictionaries=own)}


def _score(given: Tables, own: schema.Dictionaries) -> Tables:
    from diplotext.stance import score_stances

    quotes, articles, pieces = given["quotes"], given["articles"], given["spans"]
    return {"stances": score_stances(quotes, articles, pieces, edits=given["edits"], dictionaries=own)}


def _find_conditions(given: Tables, own: schema.Dictionaries) -> Tables:
    from diplotext.stance import extract_conditions

    quotes, articles, pieces = given["quotes"], given["articles"], given["spans"]
    return {"conditions": extract_conditions(quotes, articles, pieces, edits=given["edits"])}


_STAGES = {
    "clean_articles": _Stage(("articles", "edits"), _clean),
    "split_sentences": _Stage(("sentences",), _split),
    "attribute_quotes": _Stage(("quotes", "spans"), _attribute),
    "resolve_speakers": _Stage(("quotes",), _resolve),
    "score_stances": _Stage(("stances",), _score),
    "extract_conditions": _Stage(("conditions",), _find_conditions),
}
