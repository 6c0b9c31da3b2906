import json
import re

import pandas as pd
import pytest

from diplotext import Analysis, schema, show_quotes, tabulate_findings, write_report
from diplotext.cli import main
from diplotext.pipeline.reported import report_folder
from diplotext.report import page, results
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
    assert html.count("<img ") == 3
    stance = html.split("countries toward their targets</h3>")[1].split("<h3>")[0]
    link = 'href="#country=XMV&amp;target=Ostrel&amp;counted=yes">'
    assert link + "XMV → Ostrel</a></th><td>-1.00 (one article, no interval)</td><td>1</td><td>1</td>" in stance
    assert 'href="#country=XMV&amp;posture=threaten&amp;counted=yes">1<' in html
    assert "corrected [95 %]" not in html


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


def test_report_counts_what_findings_count(analysis, tmp_path):
    reprint = schema.build_table("utterances", [
        {"utterance_id": "u1", "quote_id": q, "printing": n, "n_articles": 2, "n_outlets": 1, "drift": 0.0}
        for n, q in enumerate(("q1", "q2"), 1)
    ])  # fmt: skip
    html = write_report(analysis._replace(utterances=reprint), tmp_path / "report.html").read_text("utf-8")
    counted = held(html)["fields"].index("counted")
    assert [row[counted] for row in held(html)["rows"]] == ["yes", "no"]
    assert "talks" not in html.split('id="findings"')[1].split('id="statements"')[0]


def test_report_names_countries_as_its_tables_and_your_actors_do(analysis, tmp_path):
    own = schema.build_table("actors", [{"actor_id": "XMV", "name": "Marvania", "kind": "state", "country": "XMV"}])
    named = analysis._replace(dictionaries=schema.Dictionaries(actors=own))
    html = write_report(named, tmp_path / "report.html").read_text("utf-8")
    country = held(html)["fields"].index("country")
    assert [row[country] for row in held(html)["rows"]] == ["Marvania", "Ostrel"]
    assert "XMV" not in re.sub(r'src="data:[^"]*"', "", html.split('id="findings"')[1].split('id="data"')[0])


def test_report_of_nothing_says_so(tmp_path):
    empty = Analysis(
        **{name: schema.build_table(name) for name in ("articles", "quotes", "spans", "stances", "sentences")}
    )
    html = write_report(empty, tmp_path / "report.html").read_text("utf-8")
    assert "there is nothing to draw" in html


@pytest.fixture
def folder(analysis, tmp_path):
    """An analysed folder, as a run writes it."""
    further = {name: schema.build_table(name) for name in ("edits", "conditions")}
    further["findings"] = tabulate_findings(analysis.quotes, analysis.stances)
    for name, table in (analysis._asdict() | further).items():
        if isinstance(table, pd.DataFrame):
            schema.write_table(table, tmp_path / f"{name}.parquet")
    return tmp_path


def label(folder, posture):
    """Have somebody label both statements of a folder with one posture."""
    samples = schema.build_table("samples", [
        {"sample_id": f"s{n}", "item_id": f"q{n}", "article_id": f"a{n}", "raw_start": 0, "raw_end": 25,
         "stratum": "all", "part": "random", "p_inclusion": 1.0} for n in (1, 2)])  # fmt: skip
    labels = [{"item_id": q, "field": "posture", "annotator": "kim", "label": posture} for q in ("q1", "q2")]
    schema.write_table(samples, folder / "samples.csv")
    schema.write_table(schema.build_table("annotations", labels), folder / "annotations.csv")


def test_report_command_writes_the_page_anew_and_leaves_the_tables(folder, tmp_path, capsys):
    before = (tmp_path / "quotes.parquet").read_bytes()
    assert main(["report", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"Report: {tmp_path / 'report.html'}\n"
    assert len(held((tmp_path / "report.html").read_text("utf-8"))["rows"]) == 2
    assert (tmp_path / "quotes.parquet").read_bytes() == before
    assert main(["report", str(tmp_path / "nowhere")]) == 2


def test_reports_show_what_people_corrected_beside_what_was_counted(folder, capsys, monkeypatch):
    monkeypatch.setattr(results, "FEW_LABELS", 2)
    label(folder, "warn")
    assert main(["report", str(folder)]) == 0
    html = (folder / "report.html").read_text("utf-8")
    threats = (
        'posture=threaten&amp;counted=yes">posture: threaten</a></th><td>0.50 [0.00, 1.00]</td><td>0.00 [0.00, 1.00]'
    )
    assert threats + "</td><td>2</td>" in html
    assert "people labelled 2" in html
    (folder / "gold.csv").write_text("item_id,field,annotator,label\nq1,posture,gold,threaten\n", "utf-8")
    assert main(["report", str(folder)]) == 0
    assert "people labelled 1" in (folder / "report.html").read_text("utf-8")


def test_too_few_labels_are_said(folder):
    label(folder, "warn")
    html = report_folder(folder).read_text("utf-8")
    assert "too few labels" in html


def test_results_for_a_paper_hold_the_same_tables(folder, capsys):
    label(folder, "warn")
    assert main(["report", str(folder), "--format", "markdown"]) == 0
    assert main(["report", str(folder), "--format", "docx"]) == 0
    assert not (folder / "report.html").exists()
    text = (folder / "report.md").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| XMV → Ostrel |")]
    assert lines == ["| XMV → Ostrel | -1.00 (one article, no interval) | – | 0 | 1 | 1 |"]
    assert [name for name in re.findall(r"\]\((.*?)\)", text) if not (folder / name).is_file()] == []
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    document = docx.Document(str(folder / "report.docx"))
    cells = [cell.text for row in document.tables[1].rows for cell in row.cells]
    assert "XMV → Ostrel" in cells
    assert len(document.inline_shapes) == 3


def test_results_hold_any_text_as_it_is(analysis, tmp_path):
    hostile = "a|b *c* <script>x\x00\n# y"
    told = analysis._replace(stances=analysis.stances.assign(target=hostile))
    text = write_report(told, tmp_path / "report.md").read_text("utf-8")
    assert "a\\|b \\*c\\* \\<script\\>x" in text
    pytest.importorskip("docx", reason="python-docx is not installed")
    write_report(told, tmp_path / "report.docx")


def test_other_endings_and_labels_without_a_sample_are_refused(analysis, tmp_path):
    with pytest.raises(ValueError, match=r"path: expected an ending of .html, .md, .docx; got 'report.pdf'"):
        write_report(analysis, tmp_path / "report.pdf")
    labelled = analysis._replace(annotations=schema.build_table("annotations"))
    with pytest.raises(ValueError, match="samples: expected the sample that was labelled"):
        write_report(labelled, tmp_path / "report.html")
