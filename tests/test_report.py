import json
import re

import pandas as pd
import pytest

from diplotext import Analysis, schema, show_quotes, tabulate_findings, write_report
from diplotext.cli import main
from diplotext.report import page
from diplotext.report.highlight import Piece, mark, render_text


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
        ([Piece(8, 12, "content", 1)], f"<p>He said {mark('[1]', 'number')}{mark('&lt;no&gt;', 'content')}.</p>"),
        ([Piece(0, 2, "source", 1), Piece(0, 7, "content", 2)],
         f"<p>{mark('[2]', 'number')}{mark('He', 'content', 'source')}{mark(' said', 'content')} &lt;no&gt;.</p>"),
    ],
)  # fmt: skip
def test_text_is_marked_and_escaped(pieces, expected):
    assert render_text("He said <no>.", pieces) == expected


def test_render_text_keeps_every_character():
    text = "One two.\n\nThree four."
    html = render_text(text, [Piece(4, 15, "content", 1), Piece(0, 99, "cue", 1)])
    assert plain(html).replace("[1]", "") == text.replace("\n", "")


def test_show_quotes_marks_statements_and_lists_them(analysis):
    html = show_quotes("a1", analysis).data
    assert mark("Marvanian Foreign Minister Ilse Toran", "source") in html
    assert "<style" not in html  # JupyterLab drops it where a notebook is not trusted
    assert "class=" not in html.replace('class="dt-table"', "")
    assert "threaten (conditional)" in html
    assert "Ostrel: oppose" in html
    assert "Daro Venn" not in html


def test_show_quotes_names_a_near_miss(analysis):
    with pytest.raises(
        ValueError, match=r"article_id: expected one of the 2 in articles; got 'a11'; did you mean 'a1'"
    ):
        show_quotes("a11", analysis)


def held(html):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)[1])


def test_report_is_self_contained_and_links_each_number_to_its_statements(analysis, tmp_path):
    html = write_report(analysis, tmp_path / "report.html").read_text("utf-8")
    assert not re.search(r"""<[^>]*(?:src|href)=["'](?!data:image/png|\#)""", html)
    assert "default-src 'none'" in html
    assert html.count("<img ") == 2
    stance = html.split("Stance of speakers")[1].split("<h3>")[0]
    link = 'href="#country=XMV&amp;target=Ostrel&amp;counted=yes">'
    assert re.search(link + "XMV → Ostrel: balance -1.00.*1 statements", stance)
    assert 'href="#country=XMV&amp;posture=threaten&amp;counted=yes">1<' in html


def test_report_holds_every_statement_with_its_chances_and_its_article(analysis, tmp_path):
    shown = held(write_report(analysis, tmp_path / "report.html").read_text("utf-8"))
    first = dict(zip(shown["fields"], shown["rows"][0], strict=True))
    wanted = {"speaker": "Ilse Toran", "target": "Ostrel", "stance": "oppose", "stance_p": 0.9, "sure": 0.9}
    assert wanted.items() <= first.items()
    article = shown["articles"][first["article"]]
    said = dict(zip(shown["of_statement"], article["statements"][first["number"]], strict=True))
    assert said["id"] == "q1"
    assert said["pieces"][0][0] == "content"
    assert article["text"][slice(*said["pieces"][0][1:])] == "“We will close the pass if the convoy moves,”"


def test_report_of_many_statements_goes_on_further_pages(analysis, tmp_path, monkeypatch):
    monkeypatch.setattr(page, "PAGE_ROWS", 1)
    first = write_report(analysis, tmp_path / "report.html").read_text("utf-8")
    second = (tmp_path / "report-2.html").read_text("utf-8")
    assert [len(held(html)["rows"]) for html in (first, second)] == [1, 1]
    assert "one of 2 pages; it holds 1 of 2 rows" in first
    assert 'href="report-2.html"' in first
    assert 'href="report.html"' in second


def test_report_links_only_to_web_addresses_and_escapes_what_it_is_given(analysis, tmp_path):
    told = analysis.articles.assign(
        url=["https://courier.example/a1", "javascript:alert(1)"], headline="</script><script>x</script>"
    )
    html = write_report(analysis._replace(articles=told), tmp_path / "report.html").read_text("utf-8")
    assert [a["url"] for a in held(html)["articles"]] == ["https://courier.example/a1", ""]
    assert "javascript:" not in html.split('id="library"')[0]
    assert "<script>x" not in html


def test_report_counts_copies_once(analysis, tmp_path):
    analysis = analysis._replace(articles=analysis.articles.assign(duplicate_of=[None, "a1"]))
    html = write_report(analysis, tmp_path / "report.html").read_text("utf-8")
    assert "2, of them 1 copies of another" in html
    assert "talks" not in html.split('id="findings"')[1].split('id="statements"')[0]
    counted = held(html)["fields"].index("counted")
    assert [row[counted] for row in held(html)["rows"]] == ["yes", "no"]


def test_report_of_nothing_says_so(tmp_path):
    empty = Analysis(
        **{name: schema.build_table(name) for name in ("articles", "quotes", "spans", "stances", "sentences")}
    )
    html = write_report(empty, tmp_path / "report.html").read_text("utf-8")
    assert "there is nothing to draw" in html


def test_report_command_writes_the_page_anew_and_leaves_the_tables(analysis, tmp_path, capsys):
    further = {name: schema.build_table(name) for name in ("edits", "conditions")}
    further["findings"] = tabulate_findings(analysis.quotes, analysis.stances)
    for name, table in (analysis._asdict() | further).items():
        if isinstance(table, pd.DataFrame):
            schema.write_table(table, tmp_path / f"{name}.parquet")
    before = (tmp_path / "quotes.parquet").read_bytes()
    assert main(["report", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"Report: {tmp_path / 'report.html'}\n"
    assert len(held((tmp_path / "report.html").read_text("utf-8"))["rows"]) == 2
    assert (tmp_path / "quotes.parquet").read_bytes() == before
    assert main(["report", str(tmp_path / "nowhere")]) == 2
