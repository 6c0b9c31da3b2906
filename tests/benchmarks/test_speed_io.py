"""How fast articles are loaded: plain text and web pages, each from files of its own."""

from __future__ import annotations

import time

import pytest

from diplotext.io import load_articles

#: Articles a second on one core, below which a change is a regression.
TEXT_FLOOR, PAGE_FLOOR = 1000, 20
pytestmark = pytest.mark.benchmark(timer=time.process_time)  # other work on the machine does not count
_SENTENCES = (
    "Foreign Minister Ilse Toran said on Monday that Marvania would close the northern pass if convoy {} moved.",
    "“We have asked {} times for an answer,” she told reporters after a meeting of the cabinet in Ostrel.",
    "According to two officials with knowledge of the matter, number {} carries parts that were ordered in 2019.",
    "Lethia’s prime minister, Corinne Adaly, rejected the demand within {} minutes and called it theatre.",
)


def make_paragraphs(seed: int) -> list[str]:
    return [" ".join(s.format(seed + n) for s in _SENTENCES) for n in range(8)]


@pytest.fixture(scope="module")
def text_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("texts")
    for i in range(1000):
        (folder / f"{i:04}.txt").write_text("\n\n".join(make_paragraphs(i)), "utf-8")
    return folder


@pytest.fixture(scope="module")
def page_folder(tmp_path_factory):
    """Pages of 100 kB: a story of 8 paragraphs among 400 links and styles, as news sites send them."""
    folder = tmp_path_factory.mktemp("pages")
    links = "".join(
        f'<li class="nav-item card"><a href="/s/{n}"><span class="title">Story {n} of the day</span></a></li>'
        for n in range(400)
    )
    style = "<style>" + ".card__title--large{font:1em serif;margin:0}" * 1200 + "</style>"
    date = "<meta property='article:published_time' content='2031-03-04T09:30:00Z'>"
    for i in range(40):
        story = "".join(f"<p>{p}</p>" for p in make_paragraphs(i))
        (folder / f"{i:02}.html").write_text(
            f"<!doctype html><html><head><meta charset='utf-8'><title>Story {i}</title>{date}{style}</head><body>"
            f"<nav><ul>{links}</ul></nav><main><article><h1>Story {i}</h1><div class='article-body'>{story}</div>"
            f"</article><aside class='related'><ul>{links}</ul></aside></main></body></html>",
            "utf-8",
        )
    return folder


def report(benchmark, n):
    benchmark.extra_info["articles_per_second"] = round(n / benchmark.stats["min"])
    return benchmark.extra_info["articles_per_second"]


def test_plain_text(benchmark, text_folder):
    articles = benchmark.pedantic(load_articles, (text_folder,), rounds=5, warmup_rounds=1)
    assert len(articles) == 1000
    assert report(benchmark, 1000) > TEXT_FLOOR


def test_pages(benchmark, page_folder):
    articles = benchmark.pedantic(load_articles, (page_folder,), rounds=3, warmup_rounds=1)
    assert len(articles) == 40
    assert articles["raw_text"].str.count("\n\n").eq(7).all()
    assert report(benchmark, 40) > PAGE_FLOOR
