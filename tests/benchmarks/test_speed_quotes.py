"""Cost of attribution: what the network costs and a fifth more, and no more than linear in the text."""

from __future__ import annotations

import time

import pytest

from diplotext import schema
from diplotext.encoder import load_encoder
from diplotext.quotes import attribute_quotes

PARAGRAPH = (
    "“We will not yield,” Foreign Minister Ilse Toran told reporters on Friday. “The border is ours.” She said the "
    "talks, which began in May, had failed because Tessania “never came with clean hands.” The ministry in Tarsk did "
    "not comment. Two diplomats who took part in the meeting said that both sides had agreed to meet again, according "
    "to the agency.\n\n"
)


def make_articles(text: str, n: int = 1):
    rows = [{"article_id": f"a{i}", "source": "s", "raw_text": text, "text": text} for i in range(n)]
    return schema.build_table("articles", rows)


def test_articles_a_second(benchmark):
    articles = make_articles(PARAGRAPH * 8, 20)
    attribute_quotes(articles)
    benchmark(attribute_quotes, articles)
    assert benchmark.stats["min"] / 20 < 0.3  # a slow machine; two cores of a current one need a third of it


def test_most_of_the_time_is_the_network(benchmark):
    """All but the network's own pass costs at most a fifth, against the bare encoder over the same texts."""
    articles = make_articles(PARAGRAPH * 8, 20)
    attribute_quotes(articles)
    start = time.perf_counter()
    for text in articles["text"]:
        load_encoder().read(text, [])
    bare = time.perf_counter() - start
    benchmark.pedantic(attribute_quotes, (articles,), rounds=3)
    assert benchmark.stats["min"] < bare / 0.7


@pytest.mark.parametrize(
    "unit",
    [
        PARAGRAPH.replace("\n", " "),
        PARAGRAPH.replace("\n", " ").replace(".", ""),
        "“A “b ",
        ", said ",
        "“" + "word " * 40,
    ],
    ids=["one line", "no full stops", "unclosed marks", "cues alone", "long words"],
)
def test_cost_is_linear(unit):
    def cost(size: int) -> float:
        articles = make_articles((unit * (size // len(unit) + 1))[:size])
        start = time.process_time()
        attribute_quotes(articles)
        return time.process_time() - start

    cost(2_000)
    small, large = cost(25_000), cost(100_000)
    assert large < max(12 * small, 1.0)
    assert large < 60
