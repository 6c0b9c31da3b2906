"""Wrong calls: a stage checks what it is given first, and says what was expected, what came and what to do."""

import re

import pandas as pd
import pytest

import diplotext as dt
from diplotext import schema

STORY = """By Nora Quill

VELHAVEN, March 4, 2031 (Pass Courier) – “We will close the pass if the convoy moves,” Marvanian Foreign Minister Ilse
Toran said on Tuesday. She added that the talks should go on.

Advertisement

“Nobody wants a war over a road,” President Daro Venn of Ostrel told reporters.
"""
OTHER = (
    "A quiet day in Lethia\n\nShare this story\n\nThe mayor, Ruth Okon, said the market would open again on Friday.\n"
)


def load(*texts):
    rows = [
        {"article_id": f"m{n}", "source": f"memory#{n}", "raw_text": text, "text": text, "published_precision": "none"}
        for n, text in enumerate(texts)
    ]
    return schema.build_table("articles", rows)


@pytest.fixture(scope="module")
def one():
    """All tables of one article, whose cleaning removes something."""
    analysis = dt.analyze_articles(load(STORY))
    assert len(analysis.edits)
    assert len(analysis.quotes) > 2
    return analysis


@pytest.fixture(scope="module")
def other():
    """All tables of another article."""
    analysis = dt.analyze_articles(load(OTHER).assign(article_id="n0"))
    assert len(analysis.edits)
    assert len(analysis.quotes)
    return analysis


CALLS = {
    "swapped arguments": (
        lambda one, other: dt.resolve_speakers(one.articles, one.quotes),
        r"quotes: expected the quotes table, which attribute_quotes returns, with a column 'quote_id'; got the "
        r"articles table; check the order of the arguments",
    ),
    "two tables at once": (
        lambda one, other: dt.attribute_quotes(dt.clean_articles(one.articles)),
        r"articles: expected the articles table, .*; got tuple; take the tables apart, as in `articles, edits = clean",
    ),
    "a whole analysis": (
        lambda one, other: dt.score_stances(one, one.articles),
        r"quotes: expected the quotes table, .*; got Analysis; pass its \.quotes",
    ),
    "spans for edits": (
        lambda one, other: dt.attribute_quotes(one.articles, one.spans),
        r"edits: expected the edits table, which clean_articles returns, with a column 'article_id'; got the spans t",
    ),
    "edits for spans": (
        lambda one, other: dt.score_stances(one.quotes, one.articles, one.edits),
        r"spans: expected the spans table, .*; got the edits table; check the order of the arguments",
    ),
    "quotes for stances": (
        lambda one, other: dt.tabulate_findings(one.quotes, one.quotes),
        r"stances: expected the stances table, which score_stances returns, with a column 'target_id'; got the quote",
    ),
    "spans for traces": (
        lambda one, other: dt.group_utterances(one.quotes, one.articles, traces=one.spans),
        r"traces: expected the traces table, .* with a column 'fidelity'; got the spans table",
    ),
    "a table of one's own for articles": (
        lambda one, other: dt.clean_articles(pd.DataFrame({"text": ["“No,” she said."]})),
        r"articles: expected the articles table, .* with a column 'article_id'; got text; load_articles\(frame\) mak",
    ),
    "articles without their source": (
        lambda one, other: dt.clean_articles(one.articles.assign(raw_text=None)),
        r"articles\.raw_text: expected the source of every text; got none of article_id 'm0'; load_articles\(frame\)",
    ),
    "a list of texts": (
        lambda one, other: dt.clean_articles([STORY]),
        r"articles: expected the articles table, .*; got list; load_articles makes a table of files and texts",
    ),
    "a renamed column": (
        lambda one, other: dt.resolve_speakers(one.quotes.rename(columns={"quote_id": "id_quote"}), one.articles),
        r"quotes: .* with a column 'quote_id'; got .*; did you mean to rename 'id_quote'\?",
    ),
    "edits of another article": (
        lambda one, other: dt.attribute_quotes(one.articles, other.edits),
        r"edits: expected the edits of these articles, which make `text` of `raw_text`; got others, or none, for "
        r"article_id 'm0'; pass the edits that clean_articles returned with the articles",
    ),
    "empty edits of a cleaned article": (
        lambda one, other: dt.split_sentences(one.articles, one.edits.iloc[:0]),
        r"edits: expected the edits of these articles.* for article_id 'm0'",
    ),
    "half the edits": (
        lambda one, other: dt.extract_conditions(one.quotes, one.articles, edits=one.edits.iloc[1:]),
        r"edits: expected the edits of these articles.* for article_id 'm0'",
    ),
    "the articles' edits for the records'": (
        lambda one, other: dt.trace_quotes(one.quotes, one.articles, other.articles, edits=one.edits),
        r"edits: expected the edits of these transcripts.* for article_id 'n0'; .* with the transcripts",
    ),
    "the articles' statements for the records'": (
        lambda one, other: dt.trace_quotes(one.quotes, one.articles, other.articles, spoken=one.quotes),
        r"spoken: expected the statements of the transcripts; got one of article_id 'm0'; pass what resolve_speakers",
    ),
    "articles and records swapped": (
        lambda one, other: dt.trace_quotes(one.quotes, other.articles, one.articles),
        r"articles: expected the article of every statement; got none with article_id 'm0'",
    ),
    "quotes for records": (
        lambda one, other: dt.trace_quotes(one.quotes, one.articles, one.quotes),
        r"transcripts: expected the articles table, .* with a column 'raw_text'; got the quotes table",
    ),
    "quotes of another article": (
        lambda one, other: dt.score_stances(other.quotes, one.articles),
        r"articles: expected the article of every statement; got none with article_id 'n0'; pass the articles that",
    ),
    "articles cleaned otherwise": (
        lambda one, other: dt.score_stances(one.quotes, load(STORY)),
        r"articles: expected the text in which statement '.*' was found, .* at \d+; got .* there; pass the articles ",
    ),
    "spans of another article": (
        lambda one, other: dt.resolve_speakers(one.quotes, one.articles, other.spans),
        r"spans: expected the pieces of every statement; got none of '.*'; pass the spans that attribute_quotes retu",
    ),
    "spans moved": (
        lambda one, other: dt.resolve_speakers(one.quotes, one.articles, one.spans.assign(end=lambda s: s["end"] + 1)),
        r"spans: expected the pieces of these statements; got others of '.*'; pass the spans",
    ),
    "speakers not resolved": (
        lambda one, other: dt.score_stances(dt.attribute_quotes(one.articles)[0], one.articles),
        r"quotes: expected resolved speakers; got \d+ of \d+ statements whose `resolution` is missing; run resolve_s",
    ),
    "findings of unresolved speakers": (
        lambda one, other: dt.tabulate_findings(dt.attribute_quotes(one.articles)[0], one.stances),
        r"quotes: expected resolved speakers",
    ),
    "stances of another article": (
        lambda one, other: dt.tabulate_findings(one.quotes, other.stances),
        r"stances: expected rows of these quotes; got only others, such as quote_id '.*'; pass the stances that belong",
    ),
    "findings with other articles": (
        lambda one, other: dt.tabulate_findings(one.quotes, one.stances, articles=other.articles),
        r"quotes: expected rows of these articles; got only others, such as article_id 'm0'",
    ),
    "an article twice": (
        lambda one, other: dt.split_sentences(pd.concat([one.articles, one.articles])),
        r"articles: expected each article_id once; got \{'article_id': 'm0'\} again",
    ),
    "an analysis of mixed tables": (
        lambda one, other: dt.explain_stance(one.quotes["quote_id"].iloc[0], one._replace(articles=other.articles)),
        r"articles: expected the article of every statement",
    ),
    "an analysis with a table in another's place": (
        lambda one, other: dt.show_quotes("m0", one._replace(spans=one.edits)),
        r"analysis\.spans: expected the spans table, .*; got the edits table",
    ),
}


@pytest.mark.parametrize("wrong", CALLS)
def test_a_wrong_call_is_refused_in_a_sentence(one, other, wrong):
    call, message = CALLS[wrong]
    with pytest.raises(ValueError, match=re.compile(message, re.DOTALL)):
        call(one, other)


def test_tables_of_more_than_is_asked_for_are_fine(one, other):
    articles = pd.concat([one.articles, other.articles], ignore_index=True)
    edits = pd.concat([one.edits, other.edits], ignore_index=True)
    spans = pd.concat([one.spans, other.spans], ignore_index=True)
    pd.testing.assert_frame_equal(dt.attribute_quotes(one.articles, edits)[1], one.spans)
    again = dt.resolve_speakers(one.quotes.tail(1), articles, spans)
    assert again["quote_id"].tolist() == one.quotes["quote_id"].tail(1).tolist()
    some = dt.tabulate_findings(one.quotes.head(1), pd.concat([one.stances, other.stances]), by=[], articles=articles)
    assert some["n_quotes"].max() == 1


TWICE = {
    "clean_articles": lambda a: (dt.clean_articles(a.articles)[0].drop(columns=["duplicate_of", "suspect_paraphrase"]),
                                 a.articles.drop(columns=["duplicate_of", "suspect_paraphrase"])),
    "edits of clean_articles": lambda a: (dt.clean_articles(a.articles)[1], a.edits),
    "mark_duplicates": lambda a: (dt.mark_duplicates(a.articles), a.articles),
    "split_sentences": lambda a: (dt.split_sentences(dt.clean_articles(a.articles)[0], a.edits), a.sentences),
    "attribute_quotes": lambda a: (dt.attribute_quotes(dt.clean_articles(a.articles)[0], a.edits)[1], a.spans),
    "resolve_speakers": lambda a: (dt.resolve_speakers(a.quotes, a.articles, a.spans), a.quotes),
    "score_stances": lambda a: (
        dt.score_stances(dt.resolve_speakers(a.quotes, a.articles, a.spans), a.articles, a.spans), a.stances),
    "extract_conditions": lambda a: (
        dt.extract_conditions(dt.resolve_speakers(a.quotes, a.articles), a.articles, edits=a.edits), a.conditions),
    "group_utterances": lambda a: (
        dt.group_utterances(dt.resolve_speakers(a.quotes, a.articles, a.spans), dt.mark_duplicates(a.articles)),
        a.utterances),
    "analyze_articles": lambda a: (dt.analyze_articles(a.articles).quotes, a.quotes),
}  # fmt: skip


@pytest.mark.parametrize("stage", TWICE)
def test_a_stage_applied_twice_gives_what_it_gave_once(one, stage):
    again, once = TWICE[stage](one)
    pd.testing.assert_frame_equal(again, once)


def test_no_stage_changes_its_input(one):
    before = [None if t is None else t.copy() for t in one if t is None or isinstance(t, pd.DataFrame)]
    for stage in TWICE.values():
        stage(one)
    for table, kept in zip((t for t in one if t is None or isinstance(t, pd.DataFrame)), before, strict=True):
        if kept is not None:
            pd.testing.assert_frame_equal(table, kept)


def test_confidence_of_statement_and_speaker_stand_apart(one):
    fresh, _ = dt.attribute_quotes(dt.clean_articles(one.articles)[0], one.edits)
    assert one.quotes["confidence"].tolist() == fresh["confidence"].tolist()
    assert fresh["speaker_confidence"].isna().all()
    assert one.quotes["speaker_confidence"].between(0, 1).all()


@pytest.mark.parametrize("maker", [dt.StanceClassifier, dt.PostureClassifier])
def test_a_classifier_says_what_it_lacks(maker):
    from sklearn.exceptions import NotFittedError

    X = pd.DataFrame({"text": ["We agree.", "We refuse.", "We wait."], "target": ["Ostrel"] * 3})  # noqa: N806
    for ask in ("predict", "predict_proba"):
        with pytest.raises(NotFittedError):
            getattr(maker(), ask)(X)
    with pytest.raises(NotFittedError):
        maker().to_arrays()
    with pytest.raises(
        ValueError, match=r"y: expected a label in every row of X; got none in row 2; leave such rows out"
    ):
        maker().fit(X, ["support", None, "neutral"])
    with pytest.raises(ValueError, match=r"y: expected one label a row of X, 3; got None"):
        maker().fit(X, None)
    with pytest.raises(ValueError, match=r"y: expected one label a row of X, 3; got a table of shape \(3, 2\)"):
        maker().fit(X, pd.DataFrame({"stance": ["a", "b", "a"], "posture": ["c", "d", "c"]}))
