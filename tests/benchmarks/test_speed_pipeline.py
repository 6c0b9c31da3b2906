"""Speed and memory of the whole way; run with ``make bench``.

The figures to reach, on one core: loading, cleaning and structure of plain text 300 articles a second; the whole way 50
articles a second; less than 600 MB at the most on 191 White House documents; ``--help`` within half a second.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from diplotext import clean_articles, load_articles, mark_duplicates, split_sentences
from diplotext.pipeline import analyze_articles

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
SAMPLE = ROOT / "data" / "articles"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Two hundred plain-text articles: PolNeAR's where they are at hand, else the sample's own texts in turn."""
    folder = tmp_path_factory.mktemp("corpus")
    texts = sorted((SHARED / "corpora" / "polnear" / "dev" / "text").glob("*.txt")) or sorted(SAMPLE.glob("*.txt"))
    for i in range(200):
        (folder / f"{i:03d}.txt").write_bytes(texts[i % len(texts)].read_bytes() + f"\n\nCopy {i}.\n".encode())
    return folder


def test_loading_cleaning_structure(benchmark, corpus):
    def run():
        articles, edits = clean_articles(load_articles(corpus))
        return articles, split_sentences(articles, edits)

    articles, _ = benchmark.pedantic(run, rounds=3, warmup_rounds=1)
    rate = len(articles) / benchmark.stats["min"]
    benchmark.extra_info["articles_per_second"] = round(rate)
    assert rate >= 300


def test_whole_way(benchmark, corpus):
    articles = load_articles(corpus)
    benchmark.pedantic(analyze_articles, (articles,), rounds=2, warmup_rounds=1)
    rate = len(articles) / benchmark.stats["min"]
    benchmark.extra_info["articles_per_second"] = round(rate)
    assert rate >= 50


def test_duplicates(benchmark, corpus):
    articles, _ = clean_articles(load_articles(corpus))
    benchmark.pedantic(mark_duplicates, (articles,), rounds=2)
    benchmark.extra_info["articles_per_second"] = round(len(articles) / benchmark.stats["min"])


@pytest.mark.skipif(not SHARED.exists(), reason="the White House documents are not beside this checkout")
def test_peak_memory_on_white_house_documents(benchmark, tmp_path):
    code = (
        "import resource, sys; from diplotext import analyze; analyze(sys.argv[1], sys.argv[2], progress=False); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    command = [sys.executable, "-c", code, str(SHARED / "corpora" / "whitehouse"), str(tmp_path / "out")]
    shown = benchmark.pedantic(subprocess.run, (command,), {"capture_output": True, "check": True}, rounds=1)
    peak = int(shown.stdout)
    benchmark.extra_info["peak_megabytes"] = peak
    assert peak < 600


def test_help(benchmark):
    command = [sys.executable, "-m", "diplotext.cli", "--help"]
    benchmark.pedantic(subprocess.run, (command,), {"capture_output": True, "check": True}, rounds=5)
    assert benchmark.stats["min"] < 0.5


def test_html(benchmark):
    pages = sorted(SAMPLE.glob("*.html"))
    articles = benchmark.pedantic(load_articles, ([str(p) for p in pages],), rounds=3)
    benchmark.extra_info["articles_per_second"] = round(len(articles) / benchmark.stats["min"])
    assert len(articles) == len(pages)
