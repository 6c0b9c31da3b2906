"""Speed of tracing: 10,000 quotations against 10,000 sentences within 30 seconds of one core; run with ``make bench``.

``DIPLOTEXT_TRACE_SIZE=100000`` runs it with so many of each, within 16 minutes of one core.
"""

import os
import random
import time

import pytest

from diplotext import schema
from diplotext.trace import trace_quotes

SIZE = int(os.environ.get("DIPLOTEXT_TRACE_SIZE", "10000"))
SPEAKERS = 50
SYLLABLES = ("ka", "ro", "min", "ta", "vel", "so", "dra", "pen", "li", "gor", "shu", "ne", "fal", "ti", "bre", "mo")
FUNCTION = ("the", "of", "and", "to", "we", "in", "that", "will", "is", "for", "not", "our", "with", "they", "it", "a")


def make_sentences(rng):
    """Sentences of 12 to 30 words: function words, and content words with Zipf's frequencies."""
    words = sorted({"".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(20_000)})
    weights = [1 / (n + 1) for n in range(len(words))]
    content = iter(rng.choices(words, weights, k=SIZE * 20))
    return [
        " ".join(rng.choice(FUNCTION) if rng.random() < 0.45 else next(content) for _ in range(rng.randint(12, 30)))
        for _ in range(SIZE)
    ]


@pytest.mark.benchmark(timer=time.process_time)
def test_quotations_against_sentences(benchmark):
    rng = random.Random(0)
    sentences = make_sentences(rng)
    records, articles, quotes = [], [], []
    for n in range(0, SIZE, 100):  # a hundred sentences a record, each a speaker's
        text = "\n".join(s.capitalize() + "." for s in sentences[n : n + 100])
        records.append(
            {"article_id": f"r{n}", "source": f"r{n}", "raw_text": text, "text": text,
             "headline": f"Remarks by Minister Toran{n // 100 % SPEAKERS}", "published_precision": "day",
             "published": f"2031-03-{1 + n // 100 % 28:02d}T00:00:00Z"}
        )  # fmt: skip
    for n in range(SIZE):
        words = rng.choice(sentences).split()
        start = rng.randint(0, 6)
        printed = f"“{' '.join(words[start : start + rng.randint(4, 20)])}”"
        if n % 100 == 0:
            articles.append({"article_id": f"a{n // 100}", "source": f"a{n}", "raw_text": "", "text": "",
                             "published": "2031-04-01T00:00:00Z", "published_precision": "day"})  # fmt: skip
        at = len(articles[-1]["text"])
        articles[-1]["raw_text"] = articles[-1]["text"] = articles[-1]["text"] + printed + "\n"
        quotes.append(
            {"quote_id": f"q{n}", "article_id": f"a{n // 100}", "kind": "direct", "text": printed,
             "speaker": f"Ilse Toran{rng.randrange(SPEAKERS)}", "speaker_kind": "person", "resolution": "exact",
             "start": at, "end": at + len(printed), "raw_start": at, "raw_end": at + len(printed)}
        )  # fmt: skip
    frames = (schema.build_table(name, rows) for name, rows in
              (("quotes", quotes), ("articles", articles), ("articles", records)))  # fmt: skip
    quotes, articles, records = frames
    traces = benchmark.pedantic(trace_quotes, (quotes, articles, records), rounds=1)
    assert len(traces) == SIZE
    assert traces["transcript_id"].notna().mean() > 0.3
    benchmark.extra_info["quotations_per_second"] = round(SIZE / benchmark.stats["min"])
    assert benchmark.stats["min"] < 30 * (SIZE / 10_000) ** 1.5
