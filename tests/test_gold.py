"""Gold of real documents in ``tests/gold``: offsets and labels alone, checked for their form and against the files."""

from __future__ import annotations

import itertools
from pathlib import Path

import pandas as pd
import pytest

from diplotext import schema, tabulate_findings
from diplotext.corpora import load_case


@pytest.fixture(scope="module")
def traces() -> pd.DataFrame:
    return pd.read_csv(Path(__file__).parent / "gold" / "traces.csv", dtype="str", keep_default_na=False)


def test_real_traces_are_many_of_every_fidelity_kind_and_split(traces: pd.DataFrame) -> None:
    assert list(traces.columns) == [
        *("source_document", "source_start", "source_end", "kind", "published", "speaker"),
        *("transcript", "start", "end", "fidelity", "split"),
    ]
    assert len(traces) >= 60
    assert set(traces["kind"]) == {"direct", "mixed", "indirect"}
    assert set(traces["fidelity"]) == {"verbatim", "trimmed", "altered", "paraphrased", "unmatched"}
    assert set(traces["split"]) == {"develop", "report"}
    assert (traces["fidelity"] == "unmatched").sum() >= 20
    assert set(traces.loc[traces["kind"] == "indirect", "fidelity"]) == set(traces["fidelity"]) - {"altered"}
    assert set(traces.loc[traces["fidelity"] == "paraphrased", "kind"]) == {"indirect"}
    assert (traces["speaker"] != "").all()
    documents = traces[["source_document", "split"]].drop_duplicates()
    assert not documents["source_document"].duplicated().any()
    assert 0.3 < (documents["split"] == "develop").mean() < 0.5


def test_real_traces_point_to_a_passage_unless_unmatched(traces: pd.DataFrame) -> None:
    unmatched = traces["fidelity"] == "unmatched"
    for column in ("transcript", "start", "end"):
        assert ((traces[column] == "") == unmatched).all(), column
    starts, ends = traces["source_start"].astype(int), traces["source_end"].astype(int)
    assert ((starts >= 0) & (starts < ends)).all()
    assert not traces.duplicated(["source_document", "source_start"]).any()
    for document, group in traces.groupby("source_document"):
        pairs = sorted(zip(group["source_start"].astype(int), group["source_end"].astype(int), strict=True))
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(pairs)), document
    matched = traces[~unmatched]
    assert (matched["start"].astype(int) < matched["end"].astype(int)).all()
    assert (matched["transcript"].str[:10] <= matched["published"]).all()
    dated = traces[traces["source_document"].str.endswith(".md")]
    assert (dated["source_document"].str[:10] == dated["published"]).all()
    inside = matched[matched["transcript"] == matched["source_document"]]
    assert (inside["end"].astype(int) <= inside["source_start"].astype(int)).all()


GENEVA = Path(__file__).parents[1] / "data" / "geneva2021"


def test_the_case_before_geneva_holds_labels_offsets_and_addresses_alone() -> None:
    documents, coded, checked = (
        pd.read_csv(GENEVA / f"{name}.csv", keep_default_na=False) for name in ("documents", "statements", "checked")
    )
    assert set(coded["article_id"]) == set(documents["article_id"])
    assert coded["quote_id"].is_unique
    assert (coded["raw_start"] < coded["raw_end"]).all()
    assert documents["url"].str.fullmatch(r"https://bidenwhitehouse\.archives\.gov/\S+|").all()
    assert documents["published"].between("2021-11-01", "2022-03-01").all()
    longest = coded.select_dtypes("str").apply(lambda column: column.str.split().str.len().max())
    assert longest.max() < 8
    assert set(coded["posture"]) <= set(schema.POSTURES)
    assert len(checked) == 150
    assert set(checked["quote_id"]) <= set(coded["quote_id"])
    assert set(checked["posture"]) <= set(schema.POSTURES)
    assert set(checked["mode"]) <= set(schema.MODES)


def test_events_of_the_case_are_dated_and_in_order() -> None:
    events = pd.read_csv(GENEVA / "events.csv", parse_dates=["date"])
    assert events["date"].is_monotonic_increasing
    assert events["date"].between("2021-11-01", "2022-03-01").all()
    assert set(events["kind"]) == {"meeting", "call", "proposal", "talks", "act"}
    assert not events.duplicated().any()


def test_findings_read_the_case_before_geneva() -> None:
    case = load_case(GENEVA)
    by_week = tabulate_findings(case.quotes, case.stances, by=["week"], articles=case.articles, until="2022-01-09")
    threats = by_week[by_week["measure"] == "posture_threaten"]
    assert len(threats) == by_week["week"].nunique() == 10
    assert threats["ci_high"].notna().any()
    assert "journalist" not in set(tabulate_findings(case.quotes, case.stances, by=["speaker"])["speaker"])


def test_the_checked_statements_of_the_case_were_not_trained_on() -> None:
    coded = pd.read_csv(GENEVA / "statements.csv").merge(pd.read_csv(GENEVA / "checked.csv")[["quote_id"]])
    coded = coded.merge(pd.read_csv(GENEVA / "documents.csv"), on="article_id")
    trained = pd.read_csv(GENEVA.parent / "coded.csv")
    assert coded.merge(trained, left_on=["file", "raw_start"], right_on=["document", "start"]).empty
