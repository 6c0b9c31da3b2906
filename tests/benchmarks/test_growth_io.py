"""Ten times the input takes at most thirteen times as long to read, or is refused with a word."""

import time

import pytest

from diplotext.io.decoding import InputError, detect_format
from diplotext.io.delimited import read_delimited
from diplotext.io.exports import split_export
from diplotext.io.fields import read_fields, split_head
from diplotext.io.pages import extract_page
from diplotext.language import find_dates, read_moment

PROSE = "<p>Foreign Minister Ilse Toran said on Monday that pass number {} would be closed until the talks end.</p>"


def page(body):
    return f"<html><head><title>Pass shut</title></head><body><article><h1>Pass shut</h1>{body}</article></body></html>"


def story(body):
    return page(body + "".join(PROSE.format(n) for n in range(5)))


INPUTS = {
    "paragraphs of a page": (300, lambda n: extract_page(page("".join(PROSE.format(i) for i in range(n))))),
    "line breaks": (2000, lambda n: extract_page(story(f"<p>{'words of a line<br>' * n}</p>"))),
    "pictures": (200, lambda n: extract_page(story(f"<p>{'<img src=a> word ' * n}</p>"))),
    "fields": (2000, lambda n: extract_page(story(f"<form>{'<input type=email>' * n}</form>"))),
    "quotations": (200, lambda n: extract_page(page(f"<p>{'<q>He said no</q> and ' * n}</p>"))),
    "boxes": (500, lambda n: extract_page(story("<aside class=related>x</aside>" * n))),
    "links": (1000, lambda n: extract_page(story(f"<ul>{'<li><a href=x>Link one</a></li>' * n}</ul>"))),
    "comments": (3000, lambda n: detect_format(b"<!-- a --> " * n + b"words", "a.txt")),
    "tags never closed": (3000, lambda n: detect_format(b"<p " * n, "a.txt")),
    "a head of spaces": (9000, lambda n: split_head("---\ntitle: [x" + " " * n + "x\n---\nfoo")),
    "a head of dashes": (3000, lambda n: split_head("---\n" + "--- x\n" * n + "foo")),
    "lists in fields": (3000, lambda n: read_fields({"tags": [["x"] * n] * 3, "author": ["x"] * n})),
    "quote marks in a table": (3000, lambda n: list(read_delimited("a,b\n" + '"x,1\n' * n)[1])),
    "rows": (3000, lambda n: list(read_delimited("a,b\n" + '"x",1\n' * n)[1])),
    "articles of an export": (300, lambda n: split_export("HD\nx\nPD\n1 May 2031\nSN\nx\nTD\nHe said no.\n" * n)),
    "labels": (3000, lambda n: split_export("LENGTH: 60 words\n" + "SECTION: x\n" * n + "body")),
    "dates": (300, lambda n: find_dates("On Friday 4 May and 5 to 7 " * n, None)),
    "a field of dates": (3000, lambda n: read_moment(" 10 July" * n)),
}  # fmt: skip


def seconds(read, size):
    """Return the least of three times of the processor: what is over the work itself is the machine's."""
    times = []
    for _ in range(3):
        began = time.process_time()
        read(size)
        times.append(time.process_time() - began)
    return min(times)


@pytest.mark.parametrize("name", INPUTS)
def test_reading_grows_with_the_input(name, benchmark):
    size, read = INPUTS[name]
    read(size)  # what is loaded on first use
    small = seconds(read, size)
    large = benchmark.pedantic(seconds, args=(read, 10 * size), rounds=1)
    assert large < 13 * small + 0.02, f"{large / small:.1f} times"


@pytest.mark.parametrize(
    "body", ["<p>" + "<em>w</em> " * 4000 + "</p>", "<p>" + "<a href=x>w</a>" * 4000, "<p><i></i></p>" * 60_000]
)
def test_endless_pages_are_refused(body):
    with pytest.raises(InputError, match=r"pieces; at most 3,000|elements; at most 100,000"):
        extract_page(story(body))


def test_aliases_that_stand_for_more_than_a_computer_holds_are_refused():
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]" for i in range(9)]
    head = split_head("---\ntitle: Pass shut\n" + "\n".join(lines) + "\n---\ntext")
    assert head.fault == "it holds aliases"
    assert head.entries["title"] == "Pass shut"
