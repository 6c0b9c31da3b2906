"""Fixtures, named by their shape; every text is our own and speaks of invented people."""

from __future__ import annotations

import hypothesis
import pandas as pd
import pytest

from diplotext import schema

# A loaded machine is no failure, and what fails once must fail again.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
# `make check` tries more, and others each time.
hypothesis.settings.register_profile("long", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("steady")


@pytest.fixture
def two_articles() -> pd.DataFrame:
    """Two dated articles on consecutive days, the second undisturbed by markup."""
    texts = {
        "a1": "“We will close the pass if the convoy moves,” Marvanian Foreign Minister Ilse Toran said.\n\nShe left.",
        "a2": "Ostrel welcomes the talks, President Daro Venn told reporters on Tuesday.",
    }
    return schema.build_table(
        "articles",
        [
            {
                "article_id": key, "source": f"{key}.txt", "headline": f"Story {key}", "outlet": "The Pass Courier",
                "published": f"2031-03-0{day}T09:00:00Z", "published_precision": "time", "published_basis": "metadata",
                "raw_text": text, "text": text, "lang": "en",
            }
            for day, (key, text) in enumerate(texts.items(), 4)
        ],
    )  # fmt: skip


@pytest.fixture
def two_statements(two_articles: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Quotes, spans and stances: one conditional threat (XMV toward XOS), one offer (XOS, toward an issue)."""
    plan = [
        ("q1", "a1", "direct", "“We will close the pass if the convoy moves,”", "said",
         "Marvanian Foreign Minister Ilse Toran", "Ilse Toran", "XMV"),
        ("q2", "a2", "indirect", "Ostrel welcomes the talks", "told", "President Daro Venn", "Daro Venn", "XOS"),
    ]  # fmt: skip
    texts = dict(zip(two_articles["article_id"], two_articles["text"], strict=True))
    quotes, pieces = [], []
    for quote_id, article, kind, content, cue, mention, speaker, country in plan:
        for role, surface in (("content", content), ("cue", cue), ("source", mention)):
            start = texts[article].index(surface)
            at = {"start": start, "end": start + len(surface), "raw_start": start, "raw_end": start + len(surface)}
            pieces.append({"quote_id": quote_id, "role": role, "part": 0, **at})
            if role == "content":
                quotes.append(
                    {
                        "quote_id": quote_id, "article_id": article, "kind": kind, "text": content, "cue": cue,
                        "cue_kind": "speech", "speaker_mention": mention, "speaker": speaker, "speaker_kind": "person",
                        "resolution": "title", "sector": "government", "country": country, "confidence": 0.9,
                        "speaker_confidence": 1.0,
                        "closed": True, **at,
                    }
                )  # fmt: skip
    stances = [
        {
            "quote_id": "q1", "target_id": "XOS", "target": "Ostrel", "target_kind": "actor", "target_country": "XOS",
            "stance": "oppose", "p_oppose": 0.9, "p_neutral": 0.1, "p_support": 0.0, "sentiment": -0.6,
            "posture": "threaten", "conditional": True, "mode": "hypothetical", "quad": "verbal conflict",
            "intensity": -6.0, "model": "test",
        },
        {
            "quote_id": "q2", "target_id": "talks", "target": "talks", "target_kind": "issue", "stance": "support",
            "p_oppose": 0.0, "p_neutral": 0.2, "p_support": 0.8, "sentiment": 0.5, "posture": "support",
            "conditional": False, "mode": "actual", "quad": "verbal cooperation", "intensity": 3.4, "model": "test",
        },
    ]  # fmt: skip
    return (
        schema.build_table("quotes", quotes),
        schema.build_table("spans", pieces),
        schema.build_table("stances", stances),
    )
