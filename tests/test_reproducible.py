"""The same input gives the same tables: whatever the hash seed, the order of the files and the number of threads."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data"

#: a long article on invented states in which names, pronouns and targets recur in ever other neighbourhoods.
PLACES = ("Korrin", "Tarsk", "Velm", "Ostrel", "Lethia", "Marvania", "Quill Bay", "Sarn", "the northern delta", "Ebbe")
PEOPLE = ("Ilse Toran", "Daro Venn", "Jonas Bredt", "Mira Quell", "Anders Holt", "Petra Lysk", "Oto Rehm")
TITLES = ("Foreign Minister", "President", "Defence Minister", "Prime Minister", "Ambassador", "Spokeswoman")
VERBS = ("warned", "said", "demanded", "told reporters", "accused", "insisted", "promised", "hoped")
TALK = (
    "that {0} would close the pass unless {1} withdrew its troops from {2}",
    "“We will never accept what {1} does in {2}, and {0} knows it”",
    "that the talks between {0} and {1} should go on in {2}",
    "{1} of breaking the treaty on {2}, which {0} had signed with them",
    "“They thank {0}, but their neighbours in {1} have lost {2},” adding that both sides must stop",
)

#: prints the digest of every table, its rows in the order of their keys.
TELL = """
import hashlib, json, sys
import diplotext as dt
from diplotext import schema
from diplotext.encoder import set_threads

threads, data, *paths = sys.argv[1:]
set_threads(int(threads))
analysis = dt.analyze_articles(dt.load_articles(paths), dictionaries=dt.load_dictionaries(data))
findings = dt.tabulate_findings(
    analysis.quotes, analysis.stances, by=["country", "target_country"], articles=analysis.articles
)
records, _ = dt.clean_articles(dt.load_articles(f"{data}/transcripts"))
traces = dt.trace_quotes(analysis.quotes, analysis.articles, records, spans=analysis.spans)
tables = {n: t for n, t in analysis._asdict().items() if n in schema.TABLES and t is not None}
told = {}
for name, table in (tables | {"findings": findings, "traces": traces}).items():
    key = list(schema.TABLES[name].key) if name in schema.TABLES else ["country", "target_country", "measure"]
    told[name] = [len(table), hashlib.sha256(table.sort_values(key).to_csv(index=False).encode()).hexdigest()]
print(json.dumps(told))
"""


def write_long(path, sentences):
    lines = []
    for n in range(sentences):
        a, b, c = (PLACES[(n * step + n // 7) % len(PLACES)] for step in (1, 3, 7))
        who = PEOPLE[n * 5 % len(PEOPLE)] if n % 3 else f"{TITLES[n % len(TITLES)]} {PEOPLE[n % len(PEOPLE)]} of {a}"
        said = TALK[n % len(TALK)].format(a, b, c)
        lines.append(f"{who if n % 4 else 'He'} {VERBS[n % len(VERBS)]} {said}." + ("\n\n" if n % 5 == 4 else " "))
    path.write_text(f"Envoys of {len(PLACES)} parties meet\n\n{''.join(lines)}\n", "utf-8")
    return path


def tell(paths, seed, threads):
    environment = os.environ | {"PYTHONHASHSEED": str(seed), "OPENBLAS_NUM_THREADS": str(threads)}
    command = [sys.executable, "-W", "ignore", "-c", TELL, str(threads), str(DATA), *map(str, paths)]
    shown = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert shown.returncode == 0, shown.stderr
    told = json.loads(shown.stdout)
    assert all(told[name][0] for name in ("quotes", "spans", "stances", "utterances", "findings", "traces"))
    return told


def check(paths, runs):
    told = [tell(paths[::step], seed, threads) for seed, step, threads in runs]
    for other in told[1:]:
        assert other == told[0]


def test_tables_do_not_follow_seeds_orders_and_threads(tmp_path):
    paths = [*sorted((DATA / "articles").glob("1[3-6]*")), write_long(tmp_path / "long.txt", 40)]
    check(paths, [(0, 1, 1), (1, -1, 2)])


@pytest.mark.long
def test_tables_of_much_text_do_not_follow_seeds_orders_and_threads(tmp_path):
    paths = [*sorted((DATA / "articles").glob("*.*")), write_long(tmp_path / "long.txt", 600)]
    check(paths, [(seed, -1 if seed % 2 else 1, 1 + seed % 3) for seed in range(4)])
