"""Exports of news databases, as text, DOCX, RTF and PDF; all texts are our own."""

import io
import sys

import pytest

from diplotext import analyze_articles, load_articles
from diplotext.io import read_inputs
from diplotext.io.exports import split_export

FIRST = [
    'Selmia\'s energy minister, Merle Ostrow, warned Norvania on Wednesday. "We will answer," Ostrow said.',
    "In Ostrel nobody replied. The talks are to resume in the IN and RE buildings on Friday.",
]
SECOND = [
    "Norvania's prime minister, Tobin Raske, told a rally that nobody would lay the pipe now.",
    '"Selmia can build its own," he said.',
]
NEXIS = """
                               1 of 2 DOCUMENTS

                              The Gullcove Note

                           March 2, 2031 Wednesday
                              Late Edition - Final

Selmia warns Norvania over pipe: a second
round

BYLINE: By Ingrid Sol-Dahl

SECTION: NEWS; Pg. 3

LENGTH: 60 words

DATELINE: OSTREL

{0}

{1}

LOAD-DATE: March 2, 2031

LANGUAGE: ENGLISH

                       Copyright 2031 Gullcove Press Works
                              All Rights Reserved

                               2 of 2 DOCUMENTS

                              The Ridge Courier

                           March 5, 2031 Saturday

Norvania answers

SECTION: WORLD; Pg. 1

LENGTH: 55 words

{2}

{3}

GRAPHIC: Photo: the pipe, he said

LOAD-DATE: March 6, 2031

                       Copyright 2031 Ridge Press
                              All Rights Reserved
"""
NEXIS_OLD = """Document 1 of 2

Copyright 2031 Gullcove Press Works
The Gullcove Note

March 2, 2031 Wednesday

SECTION: NEWS; Pg. 3

LENGTH: 60 words

HEADLINE: Selmia warns Norvania over pipe: a second round

BYLINE: Ingrid Sol-Dahl

BODY:

{0}

{1}

LOAD-DATE: March 2, 2031

Document 2 of 2

Copyright 2031 Ridge Press
The Ridge Courier

March 5, 2031 Saturday

SECTION: WORLD; Pg. 1

LENGTH: 55 words

HEADLINE: Norvania answers

BODY:
{2}

{3}

GRAPHIC: Photo
"""
NEXIS_NEW = """User Name: somebody
Date and Time: Monday, March 7, 2031 9:00:00 AM EST
Job Number: 1234567

Documents (2)

1. Selmia warns Norvania over pipe: a second round
Client/Matter: -None-
Search Terms: pipe

2. Norvania answers
Client/Matter: -None-
Search Terms: pipe
\fSelmia warns Norvania over pipe: a second round
The Gullcove Note
March 2, 2031 Wednesday

Copyright 2031 Gullcove Press Works All Rights Reserved
Section: NEWS; Pg. 3
Length: 60 words
Byline: Ingrid Sol-Dahl
Body

{0}

{1}

Graphic

Photo: the pipe, he said

Load-Date: March 2, 2031

End of Document
\fNorvania answers
The Ridge Courier
March 5, 2031 Saturday
Edition 1, National Edition

Copyright 2031 Ridge Press All Rights Reserved
Section: WORLD; Pg. 1
Length: 55 words
Body

{2}

{3}

Classification

Language: ENGLISH
Publication-Type: Newspaper
Subject: PIPES (90%)
Load-Date: March 6, 2031

End of Document
"""
FACTIVA = """HD 
Selmia warns Norvania over pipe: a second round
BY 
By Ingrid Sol-Dahl
WC 
60 words
PD 
2 March 2031
ET 
10:31
SN 
The Gullcove Note
SC 
HARPOS
LA 
English
CY 
Copyright 2031. Gullcove Press Works. All rights reserved.
LP 
{0}
TD 
{1}
CO
pipeco : Pipe Company
IN
i13 : Pipes
NS
gdip : International Relations
RE
selm : Selmia | norv : Norvania
AN
Document HARPOS0020310302ee320001
SE 
World
HD 
Norvania answers
WC 
55 words
PD 
5 March 2031
SN 
The Ridge Courier
SC 
FJOHER
LA 
English
LP 
{2}
TD 
{3}
AN
Document FJOHER0020310305ee350001
"""
FACTIVA_INLINE = """SE   News
HD   Selmia warns Norvania over pipe: a second round
BY   By Ingrid Sol-Dahl
WC   60 words
PD   2 March 2031
SN   The Gullcove Note
LA   English
LP   {0}
TD   {1}
NS   gdip : International Relations
AN   Document HARPOS0020310302ee320001
SE   World
HD   Norvania answers
WC   55 words
PD   5 March 2031
SN   The Ridge Courier
LP   {2}
TD   {3}
AN   Document FJOHER0020310305ee350001
"""
FACTIVA_PLAIN = """Selmia warns Norvania over pipe: a second round

By Ingrid Sol-Dahl

60 words

2 March 2031

10:31

The Gullcove Note

HARPOS

English

Copyright 2031. Gullcove Press Works. All rights reserved.

{0}

{1}

Document HARPOS0020310302ee320001

Norvania answers

55 words

5 March 2031

The Ridge Courier

FJOHER

English

(c) 2031 Ridge Press. All rights reserved.

{2}

{3}

Document FJOHER0020310305ee350001

Page 2 of 2 © 2031 Factiva, Inc. All rights reserved.
"""
FORMS = {
    "nexis": NEXIS, "nexis, with labels for all": NEXIS_OLD, "nexis, of late": NEXIS_NEW, "factiva": FACTIVA,
    "factiva, codes in lines": FACTIVA_INLINE, "factiva, without codes": FACTIVA_PLAIN,
}  # fmt: skip
COLUMNS = ["headline", "outlet", "byline"]
EXPECTED = [
    ["Selmia warns Norvania over pipe: a second round", "The Gullcove Note", "Ingrid Sol-Dahl"],
    ["Norvania answers", "The Ridge Courier", ""],
]


def as_docx(text):
    import docx

    document = docx.Document()
    table = None
    for line in text.splitlines():
        if line[:2].isupper() and line[2:5] == "   ":  # Factiva's codes stand in a table
            table = table or document.add_table(0, 2)
            cells = table.add_row().cells
            cells[0].text, cells[1].text = line[:2], line[5:]
        else:
            table = None
            document.add_paragraph(line.strip())
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_rtf(text):
    body = "\\par\n".join(line.replace("“", "\\'93").replace("”", "\\'94") for line in text.splitlines())
    return ("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\f0 " + body + "\\par}").encode("ascii")


def as_pdf(text, width=90):
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    font = DictionaryObject({NameObject(k): NameObject(v) for k, v in names.items()})
    fonts = DictionaryObject({NameObject("/F1"): font})
    for part in text.split("\f"):
        lines = [line[at : at + width] for line in part.split("\n") for at in range(0, max(1, len(line)), width)]
        page = writer.add_blank_page(612, 792)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        shown = [line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in lines]
        stream = DecodedStreamObject()
        drawn = " ".join(f"({line}) Tj T*" for line in shown)
        stream.set_data(f"BT /F1 10 Tf 14 TL 50 760 Td {drawn} ET".encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


MAKERS = {"txt": str.encode, "docx": as_docx, "rtf": as_rtf, "pdf": as_pdf}


@pytest.mark.parametrize("ending", MAKERS)
@pytest.mark.parametrize("form", FORMS)
def test_an_export_is_split_into_its_articles(tmp_path, form, ending):
    path = tmp_path / f"export.{ending}"
    text = FORMS[form].format(*FIRST, *SECOND)
    path.write_bytes(MAKERS[ending](text if ending == "txt" else text.replace("©", "(c)")))
    articles, rejected = read_inputs(path)
    assert rejected.empty
    assert articles["source"].tolist() == [f"{path}#1", f"{path}#2"]
    assert articles[COLUMNS].fillna("").values.tolist() == EXPECTED
    assert articles["published"].dt.strftime("%Y-%m-%d").tolist() == ["2031-03-02", "2031-03-05"]
    assert articles["published_precision"].tolist() == ["day", "day"]
    texts = [" ".join(text.split()) for text in articles["raw_text"]]
    if ending == "pdf":  # its lines are of one width and may be cut within a word
        texts = [text.replace(" ", "") for text in texts]
        assert texts == ["".join(part).replace(" ", "") for part in (FIRST, SECOND)]
    else:
        assert texts == [" ".join(FIRST), " ".join(SECOND)]


def test_one_article_is_the_file(tmp_path):
    path = tmp_path / "one.txt"
    path.write_text(NEXIS.format(*FIRST, *SECOND).partition("2 of 2")[0].replace("1 of 2", "1 of 1"), "utf-8")
    articles = load_articles(path)
    assert articles["source"].tolist() == [str(path)]
    assert articles["section"].tolist() == ["NEWS; Pg. 3"]
    assert articles["raw_text"].tolist() == ["\n\n".join(FIRST)]


@pytest.mark.parametrize("form", FORMS)
def test_names_of_fields_never_speak(form):
    found = analyze_articles(load_articles(texts=[a.text for a in split_export(FORMS[form].format(*FIRST, *SECOND))]))
    assert set(found.quotes["speaker"]) == {"Merle Ostrow", "Tobin Raske"}


def test_a_part_without_a_story_costs_itself(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(FACTIVA.format("", "", *SECOND), "utf-8")
    articles, rejected = read_inputs(path)
    assert articles["source"].tolist() == [f"{path}#2"]
    assert rejected["source"].tolist() == [f"{path}#1"]
    assert "no story was found" in rejected["reason"][0]


@pytest.mark.parametrize(
    "text",
    [
        "SECTION: news was all that he said.\n\nThe length: 60 words.",
        "HD was the name of the shop.\nTD too.",
        "1 of 2 documents was lost, she said.\n\n1 of 2 documents\n\nwas found.",
        "HARROW: Good morning.\n\nTITLE: none\n\nVANG: No.",
        "He said: “End of Document.”",
        "By the time he left it had 60 words.\n\n60 words\n\nDocument A1 was lost.",
        "",
    ],
)
def test_other_texts_are_no_export(text):
    assert split_export(text) == []


def test_a_document_that_is_no_export_is_one_article(tmp_path):
    for ending in ("docx", "rtf", "pdf"):
        (tmp_path / f"a.{ending}").write_bytes(MAKERS[ending]("\n".join(FIRST)))
    (tmp_path / "b.doc").write_bytes(as_rtf("\n".join(FIRST)))  # as Nexis calls it
    articles, rejected = read_inputs(tmp_path)
    assert rejected.empty
    assert len(articles) == 4
    assert articles["raw_text"].str.contains("Merle Ostrow, warned Norvania on Wednesday").all()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.docx", b"PK\x03\x04 ... word/document.xml", "the DOCX file is broken"),
        ("a.pdf", b"%PDF-1.7 ...", "the PDF file is broken"),
        ("a.pdf", as_pdf(" "), "the PDF file holds no text: it may be a scan"),
        ("a.rtf", rb"{\rtf1\ansi }", "the RTF file holds no text"),
        ("a.pdf", b"plain words", "it is called .pdf but is no such file"),
    ],
)
def test_documents_that_cannot_be_read(tmp_path, name, data, reason):
    (tmp_path / name).write_bytes(data)
    articles, rejected = read_inputs(tmp_path / name)
    assert articles.empty
    assert rejected["reason"][0].startswith(reason)


@pytest.mark.parametrize(("ending", "library"), [("docx", "docx"), ("rtf", "striprtf"), ("pdf", "pypdf")])
def test_without_the_libraries_it_is_said_what_to_install(tmp_path, monkeypatch, ending, library):
    (tmp_path / f"a.{ending}").write_bytes(MAKERS[ending]("\n".join(FIRST)))
    for name in [n for n in sys.modules if n.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [_Refuse(library), *sys.meta_path])
    rejected = read_inputs(tmp_path)[1]
    assert rejected["reason"].tolist() == [f"it is a {ending.upper()} file, and {library} is not installed"]
    assert "pip install 'diplotext[archives]'" in rejected["advice"][0]


class _Refuse:
    def __init__(self, library):
        self.library = library

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == self.library:
            raise ModuleNotFoundError(f"No module named {name!r}", name=self.library)
