"""How fast articles are cleaned, and duplicates marked; run with ``pytest tests/benchmarks/test_speed_clean.py``."""

import random
from typing import Any

import pandas as pd

from diplotext import schema
from diplotext.clean import clean_articles, clean_text, mark_duplicates

SENTENCES = [
    "The envoys of Marvania and Sorland met for the third time this month in the old town hall of Velograd.",
    "“We have not decided how far we go,” Foreign Minister Ilse Toran told reporters on Tuesday.",
    "Officials in Ostrel said that around 40 ships were waiting off the port – some of them since March.",
    "A diplomat close to the talks called the draft “a small door in a high wall”.",
    "The treaty of 1987 names neither the radar on Cape Dunn nor the salaries of the lock keepers.",
    "He didn’t say who would pay, and the mediators, who came from Talmere, didn’t ask.",
]


def article(seed: int) -> str:
    """Return about 3,000 characters of news with the usual furniture."""
    chance = random.Random(seed)
    paragraphs = [" ".join(chance.sample(SENTENCES, 2)) for _ in range(16)]
    return "\n\n".join(
        ["Envoys meet in Velograd | Politics", "VELOGRAD (MNA) – " + paragraphs[0], *paragraphs[1:8], "Advertisement",
         *paragraphs[8:], "“We will see. “", "Jane Roe contributed to this report.", "Comments are closed."]
    )  # fmt: skip


def table(number: int) -> pd.DataFrame:
    rows = ({"article_id": f"{i:05}", "source": f"{i}.txt", "raw_text": t, "text": t}
            for i, t in enumerate(map(article, range(number))))  # fmt: skip
    return schema.build_table("articles", rows)


def test_clean_one_article(benchmark: Any) -> None:
    text = article(1)
    assert 2500 < len(text) < 4000
    assert benchmark(clean_text, text).text != text


def test_clean_a_table(benchmark: Any) -> None:
    frame = table(100)
    articles, _ = benchmark(clean_articles, frame)
    assert len(articles) == 100


def test_mark_duplicates(benchmark: Any) -> None:
    chance = random.Random(0)
    words = ["".join(chance.choices("abdefgiklmnoprstu", k=chance.randint(3, 9))) for _ in range(9000)]
    frame = table(500)
    frame["text"] = [" ".join(chance.choices(words, k=500)) for _ in range(500)]
    assert benchmark.pedantic(mark_duplicates, (frame,), rounds=1)["duplicate_of"].isna().all()
