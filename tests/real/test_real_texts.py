"""What must come right on real articles, pages, briefings and corpora."""

import itertools
from pathlib import Path

import pandas as pd
import pytest

from diplotext import analyze, attribute_quotes, clean_articles, corpora, load_articles, mark_duplicates, spans
from diplotext.clean.articles import clean_text
from diplotext.clean.signs import find_signs
from diplotext.io import read_inputs
from diplotext.spans import apply_edits
from diplotext.structure import outline_text

GOLD = Path(__file__).parents[1] / "gold"


def test_the_shared_article_loses_every_listed_defect(shared):
    path = next((shared / "articles").glob("*.txt"))
    result = clean_text(path.read_bytes().decode("utf-8"))
    rules = [e.rule for e in result.edits]
    assert rules.count("misplaced_marks") == 4
    assert rules.count("stray_stops") == 2
    assert {"title_section", "dateline", "notes", "copyright", "comments_line"} <= set(rules)
    assert result.year == 2021
    assert result.dateline is not None
    assert result.notes is not None
    assert all(p.count("“") == p.count("”") for p in result.text.split("\n"))


def test_edits_can_be_recovered_for_the_shared_article(shared):
    raw = next((shared / "articles").glob("*.txt")).read_bytes().decode("utf-8")
    result = clean_text(raw)
    assert apply_edits(raw, spans.recover_edits(raw, result.text)) == result.text


def test_clean_news_is_left_nearly_alone(shared):
    paths = sorted((shared / "corpora" / "polnear" / "train" / "text").glob("*.txt"))[::40]
    lines = removed = 0
    for path in paths:
        raw = path.read_bytes().decode("utf-8")
        lines += raw.count("\n\n") + 1
        removed += sum(e.rule.endswith("_line") and e.rule != "line_space" for e in clean_text(raw).edits)
    assert removed / lines < 0.02


def test_the_shared_article_is_suspected(shared):
    raw = next((shared / "articles").glob("*.txt")).read_bytes().decode("utf-8")
    reason = find_signs(raw).reason()
    assert reason is not None
    assert "misplaced quote marks: 4" in reason


def test_different_stories_of_one_election_do_not_match(shared):
    paths = sorted((shared / "corpora" / "polnear" / "train" / "text").glob("*.txt"))[::6]
    texts = [path.read_bytes().decode("utf-8") for path in paths]
    marked = mark_duplicates(load_articles(texts=texts))
    pairs = len(list(itertools.combinations(texts, 2)))
    assert pairs > 5000
    assert marked["suspect_paraphrase"].isna().all()


def test_briefings_and_readouts_of_many_days_do_not_match(shared):
    articles = load_articles(sorted((shared / "corpora" / "whitehouse").glob("*.md"))[::2])
    marked = mark_duplicates(clean_articles(articles)[0])
    assert len(marked) > 90
    assert marked["duplicate_of"].isna().all()


def test_polnear_has_the_shares_its_authors_report(shared):
    gold = corpora.load_polnear(shared / "corpora" / "polnear" / "dev")
    assert len(gold.articles) == 84
    shares = gold.quotes["kind"].value_counts(normalize=True)
    assert shares["indirect"] == pytest.approx(0.73, abs=0.04)
    assert shares["direct"] == pytest.approx(0.16, abs=0.03)


def test_gold_speakers_lie_in_their_articles(shared):
    from diplotext.evaluate.speakers import read_labels

    gold = corpora.load_polnear(shared / "corpora" / "polnear" / "dev")
    for name in ("speakers.csv", "speakers_second.csv"):
        labels = read_labels(GOLD / name, gold)
        names = labels["speaker"].dropna()
        assert (names.str.strip() == names).all()


def test_real_traces_cut_their_files_at_words(shared):
    traces = pd.read_csv(GOLD / "traces.csv", dtype="str", keep_default_na=False)
    folders = {".txt": shared / "articles", ".md": shared / "corpora" / "whitehouse"}
    names = {*traces["source_document"], *traces["transcript"]} - {""}
    real = {name: (folders[Path(name).suffix] / name).read_bytes().decode("utf-8") for name in names}
    quoted = traces[["source_document", "source_start", "source_end", "kind"]].set_axis([*"fsek"], axis=1)
    passages = traces.loc[traces["transcript"] != "", ["transcript", "start", "end"]].set_axis([*"fse"], axis=1)
    for row in pd.concat([quoted, passages.assign(k="")]).itertuples():
        text, start, end = real[row.f], int(row.s), int(row.e)
        assert end <= len(text), row
        cut = text[start:end]
        assert cut == cut.strip(), row
        assert not (text[start - 1 : start].isalnum() and text[start].isalnum()), row
        assert not (text[end - 1].isalnum() and text[end : end + 1].isalnum()), row
        if row.k:
            assert (cut[0] == "“" and cut[-1] in "“”") == (row.k != "indirect"), row


def test_real_input_is_read_without_a_complaint(shared):
    folders = [shared / "articles", shared / "pages", shared / "corpora" / "whitehouse"]
    articles, rejected = read_inputs(folders)
    assert rejected.empty
    assert articles["article_id"].is_unique
    assert (articles["lang"] == "en").all()
    pages = articles[articles["source"].str.endswith(".html")]
    assert len(pages) == 8
    assert pages[["headline", "outlet", "url", "published"]].notna().all(axis=None)
    assert (pages["published_precision"] == "time").all()
    assert pages["raw_text"].str.len().between(800, 8000).all()
    heads = articles[articles["source"].str.endswith(".md")]
    assert heads[["headline", "url", "published"]].notna().all(axis=None)


def test_the_real_article_is_analysed_with_exact_raw_offsets(shared, tmp_path):
    results = analyze(shared / "articles", tmp_path / "out", progress=False)
    raw = results.articles["raw_text"].iloc[0]
    quotes = results.quotes
    assert {"Joe Biden", "Sergei Lavrov", "Daniel Fried", "Simon Miles"} <= set(quotes["speaker"].dropna())
    assert len(quotes) >= 20
    direct = quotes[quotes["kind"] == "direct"]
    assert raw[direct["raw_start"].iloc[0]] == "“"


def test_a_real_article_names_who_said_what(shared):
    text = next((shared / "articles").glob("*.txt")).read_text("utf-8")
    quotes, _ = attribute_quotes(load_articles(texts=[text]))
    assert len(quotes) >= 20
    direct = quotes[quotes["kind"] == "direct"]
    expected = ["Biden", "Fried", "Lavrov", "group", "he", "Miles"]
    mentions = " ".join(direct["speaker_mention"].fillna(""))
    assert [name for name in expected if name not in mentions] == []
    assert not direct["closed"].all()


def test_found_statements_agree_with_annotators(shared):
    from diplotext.corpora import load_polnear
    from diplotext.evaluate import match_statements

    gold = load_polnear(shared / "corpora" / "polnear" / "train")
    articles = gold.articles.iloc[::30].reset_index(drop=True)
    quotes, found = attribute_quotes(articles)
    wanted = gold.quotes[gold.quotes["article_id"].isin(articles["article_id"])]
    pairs = match_statements(quotes, found, wanted, gold.spans[gold.spans["quote_id"].isin(wanted["quote_id"])])
    assert 2 * len(pairs) / (len(quotes) + len(wanted)) >= 0.65


def test_every_sentence_of_a_real_briefing_has_a_speaker(shared):
    found = 0
    for path in sorted((shared / "corpora/whitehouse").glob("*press-briefing-by-press-secretary*"))[:5]:
        raw = path.read_text(encoding="utf-8").split("\n---", 1)[1]
        text = "\n\n".join(" ".join(block.split()) for block in raw.split("\n\n") if block.strip())
        outline = outline_text(text.replace("\\", ""), "Press Briefing by the Press Secretary")
        spoken = [s for s in outline.sentences if s.section == "body"]
        assert outline.genre == "briefing"
        assert sum(s.turn_speaker is None for s in spoken) <= 0.01 * len(spoken)
        found += len(spoken)
    assert found > 1000


@pytest.mark.parametrize("folder", ["articles", "corpora/whitehouse"])
def test_statements_stand_alike_by_recorded_and_by_recovered_edits(shared, folder):
    paths = sorted((p for p in (shared / folder).iterdir() if p.suffix != ".csv"),
                   key=lambda p: (p.stat().st_size, p.name))  # fmt: skip
    articles, edits = clean_articles(load_articles(paths[:120:6]))
    by_table, by_hand = (attribute_quotes(articles, given)[0] for given in (edits, None))
    assert len(by_table) >= 20
    offsets = ["quote_id", "article_id", "start", "end", "raw_start", "raw_end"]
    pd.testing.assert_frame_equal(by_table[offsets], by_hand[offsets])
