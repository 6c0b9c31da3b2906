"""Findings: stances, postures and balances by any grouping, each with its interval and its n."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import pandas as pd

from diplotext import schema
from diplotext.findings.groups import Group, estimate_groups
from diplotext.findings.intervals import subtract
from diplotext.findings.labels import apply_labels
from diplotext.findings.rows import select_rows

#: labels of a group under which a correction is said to rest on too few.
FEW_LABELS = 30


def tabulate_findings(
    quotes: pd.DataFrame,
    stances: pd.DataFrame,
    *,
    by: Sequence[str] = ("country", "target_country"),
    articles: pd.DataFrame | None = None,
    utterances: pd.DataFrame | None = None,
    annotations: pd.DataFrame | None = None,
    samples: pd.DataFrame | None = None,
    since: str | pd.Timestamp | None = None,
    until: str | pd.Timestamp | None = None,
    media: bool = False,
) -> pd.DataFrame:
    """Summarise what speakers express, by any columns, with intervals for statements that come in articles.

    It does not drop what has no value in a `by` column: that is a group of its own, ``(unresolved)`` where the speaker
    is, ``(no target)``, ``(issue)`` where a target's country is asked for, ``(undated)``, or ``(none)``, as a body has
    no country. Counted rows do not correct for errors of the stages before; corrected ones do, but for statements that
    were never found.

    Parameters
    ----------
    quotes
        The quotes table, after `resolve_speakers`.
    stances
        The stances table; each row is one statement toward one target.
    by
        Columns of quotes, of stances, or of articles, your own among them (``outlet``, ``section``); or ``day``,
        ``week`` (Monday to Sunday, shown by its Monday), ``month``, ``year`` of publication, of which an article whose
        date is not that exact is ``(undated)``. What is told of articles needs `articles`. Empty for one overall group.
    articles
        The articles table; then, where no `utterances` are given, statements of articles with a `duplicate_of` are left
        out, so that each counts once.
    utterances
        From `group_utterances`; then the earliest printing of each utterance counts, in a copy too, since what four
        papers print was said once and what an update adds is new; `n_quotes` counts utterances.
    annotations
        Labels of one coder, or settled ones of several (annotator ``gold``); then each measure that they can correct
        has a second row, ``corrected``. Fields: ``statement`` (no: it is none), ``posture``, ``conditional``, those of
        targets (``target``, ``stance``), and any column of quotes or stances (``country``, ``speaker``). Balances go
        by the quad class of the posture; that of an announced act by the stance toward its target.
    samples
        The sample that was labelled, from `sample_annotations`: how likely each statement was to be drawn. It must be
        drawn from statements that count here: pass the same `articles` and `utterances`.
    since, until
        First and last day of publication that count, ``YYYY-MM-DD``; what is not dated to the day is then left out.
    media
        Count journalists and outlets too (sector ``media``). By default they do not: questions of a press briefing and
        what a paper says in its own name are no diplomacy.

    Returns
    -------
    DataFrame of the `by` columns, then measure, estimate, ci_low, ci_high, method, n_quotes, n_articles, n_speakers (of
    what counts for the measure), n_annotated (labels behind a corrected row); groups by falling number of statements,
    measures in the order below, corrected after counted. Shares and means are over statement-target rows, postures and
    balances over statements. Their intervals say what other articles of this kind would give (see
    `findings.intervals`): missing where a group has one article only, wide and rough where it has two. Of counts they
    say what these articles hold: missing when only counted.

    - ``share_oppose``, ``share_neutral``, ``share_support`` in [0, 1]; ``stance_balance`` their support − oppose
    - ``sentiment`` mean in [-1, 1]; ``intensity`` mean on the scale named in `stances.model`
    - ``share_conditional`` in [0, 1]; ``posture_<name>`` share of each posture that occurs in the group or, by period,
      in any period: a week without threats is a zero, not a gap
    - ``quad_balance`` (cooperation − conflict) / (cooperation + conflict) of the statements with a quad class, in
      [-1, 1]; ``quad_balance_unconditional`` without conditional ones; ``quad_balance_appeals_cooperative`` with
      appeals as cooperation, as CAMEO has them (PLOVER: conflict)
    - ``count_oppose`` and so on, ``count_conditional``, ``count_posture_<name>``: how many; not those without any,
      but by period

    Raises
    ------
    ValueError
        If the tables do not belong together or speakers are not resolved; if a `by` column is unknown or needs
        `articles`, a statement is not in `utterances`, a day is none, or labels come without their sample.

    Warns
    -----
    UserWarning
        If a correction rests on fewer than 30 labels in a group.

    Examples
    --------
    >>> from diplotext import schema
    >>> at = {"start": 0, "end": 4, "raw_start": 0, "raw_end": 4, "text": "Stop", "resolution": "title"}
    >>> quotes = schema.build_table("quotes", [
    ...     {"quote_id": f"q{n}", "article_id": f"a{n // 2}", "country": "XOS", **at} for n in range(6)])
    >>> stances = schema.build_table("stances", [
    ...     {"quote_id": f"q{n}", "target_id": "XMV", "stance": "oppose" if n % 3 else "support"} for n in range(6)])
    >>> findings = tabulate_findings(quotes, stances, by=["country"])
    >>> findings.query("measure == 'share_oppose'")[["estimate", "ci_low", "ci_high"]].round(2).to_numpy().tolist()
    [[0.67, 0.07, 0.98]]
    """
    by = [by] if isinstance(by, str) else list(by)
    rows = select_rows(quotes, stances, articles, utterances, media=media, since=since, until=until)
    labelled = None if annotations is None else apply_labels(rows, annotations, samples)
    groups = estimate_groups(rows, by, articles, labelled)
    columns = [*by, *schema.FINDINGS]
    if not groups:
        return pd.DataFrame({c: pd.Series(dtype=_dtype(c)) for c in columns})
    if labelled is not None:
        _warn_of_few(groups)
    tables = [group.table.assign(**dict(zip(by, group.key, strict=True))) for group in groups]
    return pd.concat(tables, ignore_index=True)[columns].astype({c: _dtype(c) for c in columns})


def compare_findings(
    quotes: pd.DataFrame,
    stances: pd.DataFrame,
    *,
    by: str,
    groups: tuple[str, str],
    articles: pd.DataFrame | None = None,
    utterances: pd.DataFrame | None = None,
    annotations: pd.DataFrame | None = None,
    samples: pd.DataFrame | None = None,
    since: str | pd.Timestamp | None = None,
    until: str | pd.Timestamp | None = None,
    media: bool = False,
) -> pd.DataFrame:
    """Compare two groups or periods: the difference of every measure, first − second, and its interval.

    It does not say why they differ, and does not count the comparisons: of twenty such intervals one misses by chance.
    Where the same articles hold both groups, as two sides of a quarrel, the interval takes that into account.

    Parameters
    ----------
    quotes, stances, articles, utterances, annotations, samples, since, until, media
        As for `tabulate_findings`.
    by
        One column, as for `tabulate_findings`. For the time before and after an event give the articles a column:
        ``articles.assign(phase=np.where(articles["published"] < "2031-03-14", "before", "after"))``.
    groups
        Two of its values, as the findings show them.

    Returns
    -------
    DataFrame measure, method, difference, ci_low, ci_high, first, second (the two estimates), n_quotes_first,
    n_quotes_second, n_articles_first, n_articles_second; no counts. The interval joins those of both groups (Newcombe
    1998; Zou & Donner 2008) and is missing where one of them is.

    Raises
    ------
    ValueError
        As for `tabulate_findings`, and if a group is not there.

    Examples
    --------
    >>> compare_findings(analysis.quotes, analysis.stances, by="country", groups=("XLT", "XMV"),
    ...     articles=analysis.articles).columns[:4].tolist()
    ['measure', 'method', 'difference', 'ci_low']
    """
    if not isinstance(by, str):
        raise ValueError(f"by: expected the name of one column; got {by!r}")
    rows = select_rows(quotes, stances, articles, utterances, media=media, since=since, until=until)
    labelled = None if annotations is None else apply_labels(rows, annotations, samples)
    known = {group.key[0]: group for group in estimate_groups(rows, [by], articles, labelled)}
    absent = [name for name in groups if name not in known]
    if len(groups) != 2 or absent:
        raise ValueError(f"groups: expected two of {', '.join(known)}; got {groups!r}")
    one, other = (known[name] for name in groups)
    found = []
    for method in [m for m in one.ratios if m in other.ratios]:
        articles_of_both = one.ratios[method].articles.union(other.ratios[method].articles)
        pair = [group.ratios[method].over(articles_of_both) for group in (one, other)]
        difference, low, high = subtract(*pair)
        table = {"measure": one.measures, "method": method, "difference": difference, "ci_low": low, "ci_high": high}
        for name, group, ratios in zip(("first", "second"), (one, other), pair, strict=True):
            table[name] = ratios.estimate
            table |= {f"n_{what}_{name}": group.behind[:, at] for at, what in enumerate(("quotes", "articles"))}
        found.append(pd.DataFrame(table))
    table = pd.concat(found).sort_index(kind="stable")  # corrected after counted
    neither = table["measure"].str.startswith("posture_") & (table["first"] == 0) & (table["second"] == 0)
    table = table[table["difference"].notna() & ~neither].reset_index(drop=True)
    counts = [f"n_{what}_{name}" for what in ("quotes", "articles") for name in ("first", "second")]
    order = ["measure", "method", "difference", "ci_low", "ci_high", "first", "second", *counts]
    return table[order].astype({"measure": "str", "method": "str", **dict.fromkeys(counts, "Int64")})


def _warn_of_few(groups: list[Group]) -> None:
    few = {}
    for group in groups:
        n = group.table.loc[group.table["method"] == "corrected", "n_annotated"]
        if len(n) and n.max() < FEW_LABELS:
            few[" → ".join(group.key) or "all"] = int(n.max())
    if few:
        shown = ", ".join(f"{name} ({n})" for name, n in list(few.items())[:3])
        warnings.warn(
            f"annotations: {len(few)} of {len(groups)} groups have fewer than {FEW_LABELS} labels, such as {shown}; "
            "their corrected estimates are rough. Label more, or ask for fewer groups",
            stacklevel=3,
        )


def _dtype(column: str) -> str:
    return schema.DTYPES[schema.FINDINGS[column].kind] if column in schema.FINDINGS else "str"
