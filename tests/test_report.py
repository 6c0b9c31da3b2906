import re

import pytest

from diplotext import Analysis, schema, show_quotes, write_report
from diplotext.report.highlight import Piece, render_text


@pytest.fixture
def analysis(two_articles, two_statements):
    quotes, spans, stances = two_statements
    whole = [
        {"article_id": a, "sentence": 0, "paragraph": 0, "section": "body", "start": 0, "end": text.index(".") + 1,
         "raw_start": 0, "raw_end": text.index(".") + 1}
        for a, text in zip(two_articles["article_id"], two_articles["text"], strict=True)
    ]  # fmt: skip
    sentences = schema.build_table("sentences", whole)
    return Analysis(two_articles, sentences=sentences, quotes=quotes, spans=spans, stances=stances)


def plain(html):
    return re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([], "<p>He said &lt;no&gt;.</p>"),
        ([Piece(8, 12, "content", 1)], '<p>He said <span class="dt-number">[1]</span>'
         '<span class="dt-content">&lt;no&gt;</span>.</p>'),
        ([Piece(0, 2, "source", 1), Piece(0, 7, "content", 2)],
         '<p><span class="dt-number">[2]</span><span class="dt-content dt-source">He</span>'
         '<span class="dt-content"> said</span> &lt;no&gt;.</p>'),
    ],
)  # fmt: skip
def test_text_is_marked_and_escaped(pieces, expected):
    assert render_text("He said <no>.", pieces) == expected


def test_render_text_keeps_every_character_of_the_window():
    text = "One two.\n\nThree four."
    html = render_text(text, [Piece(4, 15, "content", 1), Piece(0, 99, "cue", 1)], 2, 18)
    assert plain(html).replace("[1]", "") == text[2:18].replace("\n", "")


def test_show_quotes_marks_statements_and_lists_them(analysis):
    html = show_quotes("a1", analysis).data
    assert '<span class="dt-source">Marvanian Foreign Minister Ilse Toran</span>' in html
    assert "threaten (conditional)" in html
    assert "Ostrel: oppose" in html
    assert "Daro Venn" not in html


def test_show_quotes_names_a_near_miss(analysis):
    with pytest.raises(
        ValueError, match=r"article_id: expected one of the 2 in articles; got 'a11'; did you mean 'a1'"
    ):
        show_quotes("a11", analysis)


def test_report_is_self_contained_and_lists_each_figures_statements(analysis, tmp_path):
    html = write_report(analysis, tmp_path / "report.html").read_text("utf-8")
    assert not re.search(r"""(?:src|href)=["'](?!data:image/png|\#)""", html)
    assert "@import" not in html
    assert "url(" not in html
    assert html.count("<img ") == 2
    stance = html.split("Stance of speakers")[1].split("<h3>")[0]
    assert '<span class="dt-content">“We will close the pass if the convoy moves,”</span>' in stance
    assert "raw characters 0–45" in stance
    assert "XMV → Ostrel: balance -1.00 (one article, no interval), 1 statements" in stance


def test_report_links_only_to_web_addresses_and_escapes_what_it_is_given(analysis, tmp_path):
    told = analysis.articles.assign(
        url=["https://courier.example/a1", "javascript:alert(1)"], headline="<script>x</script>"
    )
    analysis = analysis._replace(articles=told)
    html = write_report(analysis, tmp_path / "report.html").read_text("utf-8")
    assert 'href="https://courier.example/a1"' in html
    assert "javascript:" not in html
    assert "<script>" not in html


def test_report_counts_copies_once(analysis, tmp_path):
    analysis = analysis._replace(articles=analysis.articles.assign(duplicate_of=[None, "a1"]))
    html = write_report(analysis, tmp_path / "report.html").read_text("utf-8")
    assert "2, of them 1 copies of another" in html
    figures = html.split('id="figures"')[1].split('id="articles"')[0]
    assert "Ostrel welcomes" not in figures


def test_report_of_nothing_says_so(tmp_path):
    empty = Analysis(
        **{name: schema.build_table(name) for name in ("articles", "quotes", "spans", "stances", "sentences")}
    )
    html = write_report(empty, tmp_path / "report.html").read_text("utf-8")
    assert "there is nothing to draw" in html
