"""How fast speakers are resolved; run with ``pytest tests/benchmarks/test_speed_actors.py``."""

import datetime as dt
from typing import Any

import pandas as pd
from diplotext.actors.article import Article, Source

from diplotext import schema
from diplotext.actors import resolve_speakers
from diplotext.actors.resolve import resolve_sources
from diplotext.names import load_index

TEXT = "\n\n".join(
    [
        "OSTREL, Marvania (MNA) – Foreign Minister Ilse Toran said on Monday that the pass would stay closed.",
        *[
            f"“We have counted {n} wagons at the border since dawn,” Toran told reporters. She added that Prime "
            "Minister Pavel Lodrensky had not answered her letter, and that nobody in the Old Palace expected him to. "
            "“The road is ours,” a senior Tarskan official said. The group wrote that it would wait."
            for n in range(5)
        ],
        *["The road over the pass was built in 1911 by Otto Grau and is closed in winter; Lodrensky grew up beside it."]
        * 8,
    ]
)
MENTIONS = ["Toran", "She", "a senior Tarskan official", "The group"]


def sources() -> list[Source]:
    found, at = [], 0
    for n in range(20):
        mention = MENTIONS[n % 4]
        at = TEXT.index(mention, at)
        found.append(Source(mention, at, at + len(mention), at + len(mention) + 9, "indirect"))
        at += len(mention)
    return found


def test_resolve_one_article(benchmark: Any) -> None:
    """An article of 3,000 characters with 20 statements takes at most 3 ms on one core."""
    index, date = load_index(), dt.date(2021, 5, 1)
    found = benchmark(lambda: resolve_sources(Article(TEXT, sources(), index, date)))
    assert [r.speaker for r in found[:2]] == ["Ilse Toran"] * 2


def test_resolve_hundred_articles(benchmark: Any) -> None:
    articles = schema.build_table(
        "articles", [{"article_id": f"{n:03}", "source": "x", "raw_text": TEXT, "text": TEXT} for n in range(100)]
    )
    rows = [
        {"quote_id": f"{a}-{n}", "article_id": a, "kind": "indirect", "text": TEXT[s.start : s.end],
         "speaker_mention": s.mention, "start": s.start, "end": s.end, "raw_start": s.start, "raw_end": s.end}
        for a in articles["article_id"] for n, s in enumerate(sources())
    ]  # fmt: skip
    quotes: pd.DataFrame = schema.build_table("quotes", rows)
    result = benchmark.pedantic(resolve_speakers, (quotes, articles), rounds=3, iterations=1)
    assert len(result) == 2000
