"""Speed of stance: at least 1,500 statements of 25 words a second of one core's time; run with ``make bench``."""

import time
from itertools import accumulate

import pytest

from diplotext import schema
from diplotext.stance import extract_conditions, score_stances

SENTENCES = (
    "“If Tolvia crosses the river again, we will impose sanctions on its banks and close the northern crossing until "
    "every soldier has left the valley,”",
    "that the government had met the envoys of both sides on Monday and hoped to bring them back to the table before "
    "the first snow closes the passes",
    "“Nobody in this house wants a quarrel, but the closing of the gates is a reckless act, and those who ordered it "
    "must explain themselves to the council,”",
    "Brennia would send grain, medicines and two hundred engineers to the delta towns, and thanked the crews of the "
    "river barges for their patience and courage",
)  # fmt: skip


@pytest.mark.benchmark(timer=time.process_time)
def test_statements_a_second(benchmark):
    texts = [f"{SENTENCES[n % len(SENTENCES)]} {n}" for n in range(5000)]  # no two alike: nothing is met in a cache
    starts = [0, *accumulate(len(text) + 1 for text in texts)][:-1]
    ends = [start + len(text) for start, text in zip(starts, texts, strict=True)]
    quotes = schema.build_table(
        "quotes",
        {
            "quote_id": [f"q{n}" for n in range(len(texts))], "article_id": ["a"] * len(texts), "text": texts,
            "kind": ["indirect" if text[0] != "“" else "direct" for text in texts], "cue": ["said"] * len(texts),
            "sector": ["government"] * len(texts), "resolution": ["exact"] * len(texts),
            "start": starts, "end": ends, "raw_start": starts, "raw_end": ends,
        },
    )  # fmt: skip
    body = "\n".join(texts)
    articles = schema.build_table("articles", [{"article_id": "a", "source": "a", "raw_text": body, "text": body}])

    def run():
        return score_stances(quotes, articles), extract_conditions(quotes, articles)

    stances, _ = benchmark.pedantic(run, rounds=2, warmup_rounds=0)
    assert stances["quote_id"].nunique() == len(texts)
    rate = len(texts) / benchmark.stats["min"]
    benchmark.extra_info["statements_per_second"] = round(rate)
    assert rate >= 1500
