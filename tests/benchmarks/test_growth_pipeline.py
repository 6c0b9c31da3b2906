"""Memory stays flat, and time in proportion, as articles grow in number; run with ``pytest -m long tests/benchmarks``.

The networks are replaced by a stub: what they and the stages after them made of a dozen articles of the sample is
handed out again, with names and words changed, so that no article is a copy of another. All else is as it is: reading,
parts on the disk, near-duplicates, utterances, findings, report. ``DIPLOTEXT_GROWTH="1000 10000 100000"`` sets sizes.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SIZES = [int(n) for n in os.environ.get("DIPLOTEXT_GROWTH", "100 1000").split()]

#: what both sides know: the base, and an article of it with other words of the same length.
CHANGE = """
import random, re, string, sys
import pandas as pd
from pathlib import Path
from diplotext import schema

FOLDER = Path(sys.argv[1])
WORD = re.compile(r"\\b(?:[A-Z][a-z]\\w+|[a-z]{7,})\\b")
CONSONANTS = "bcdfghjklmnpqrstvwxz"

def changer(number):
    mixed = list(CONSONANTS)
    random.Random(number).shuffle(mixed)
    table = str.maketrans(CONSONANTS + CONSONANTS.upper(), "".join(mixed) + "".join(mixed).upper())
    return lambda text: WORD.sub(lambda found: found[0].translate(table), text) if isinstance(text, str) else text

def read_base():
    return {path.stem: pd.read_parquet(path) for path in sorted(FOLDER.glob("base/*.parquet"))}
"""
MAKE_BASE = CHANGE + """
from diplotext.io import read_inputs
from diplotext.pipeline.stages import run_stages

articles, _ = read_inputs(sys.argv[2:])
(FOLDER / "base").mkdir()
for name, table in run_stages(articles, schema.Dictionaries()).tables.items():
    table.to_parquet(FOLDER / "base" / f"{name}.parquet")
"""
MAKE_INPUT = CHANGE + """
import json

base, number = read_base()["articles"], int(sys.argv[2])
with open(FOLDER / f"{number}.jsonl", "w") as file:
    for n in range(number):
        change, article = changer(n), base.iloc[n % len(base)]
        day = pd.Timestamp("2021-01-01") + pd.Timedelta(days=n // 40)
        row = {"text": change(article["raw_text"]), "outlet": f"Paper {n % 50}", "published": f"{day:%Y-%m-%d}"}
        file.write(json.dumps(row | {"lang": "en", "number": n}) + "\\n")
"""
RUN = CHANGE + """
import json, resource, time
from diplotext import pipeline
from diplotext.pipeline.stages import MADE, Outcome
from diplotext.spans import short_hash

BASE = read_base()
QUOTES = BASE["quotes"].set_index("quote_id")["article_id"]
OWN = [
    {name: table[(table["article_id"] if "article_id" in table else table["quote_id"].map(QUOTES)) == key]
     for name, table in BASE.items()}
    for key in BASE["articles"]["article_id"]
]
SAID = {"articles": [], "quotes": ["text", "speaker", "speaker_mention"], "stances": ["target", "target_id", "mention"]}

def stub(articles, own, seconds):
    parts = []
    for row in articles.to_dict("records"):
        change = changer(row["number"])
        made = {name: table.copy() for name, table in OWN[row["number"] % len(OWN)].items()}
        for name, table in made.items():
            for column in SAID.get(name, ()):
                table[column] = table[column].map(change).astype("str")
            for column in {"article_id", "quote_id"} & set(table):
                table[column] = [short_hash(value, row["article_id"]) for value in table[column]]
        for name in made:
            if "article_id" in made[name]:
                made[name]["article_id"] = row["article_id"]
        cleaned = change(made["articles"]["text"].iloc[0])
        made["articles"] = pd.DataFrame([row | {"text": cleaned}])
        parts.append(made)
    tables = {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in MADE}
    return Outcome({name: schema.check_table(table, name) for name, table in tables.items()}, [])

pipeline.run_stages = stub
began, number = time.process_time(), sys.argv[2]
pipeline.analyze(FOLDER / f"{number}.jsonl", FOLDER / f"out{number}", progress=False, load=False)
record = pipeline.read_record(FOLDER / f"out{number}")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([time.process_time() - began, peak, record["rows"]]))
"""


def run(code, *arguments):
    command = [sys.executable, "-W", "ignore", "-c", code, *map(str, arguments)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    return shown.stdout


@pytest.mark.long
def test_memory_is_flat_and_time_in_proportion(tmp_path):
    run(MAKE_BASE, tmp_path, *sorted((ROOT / "data" / "articles").glob("*.txt"))[:12])
    found = {}
    for number in SIZES:
        run(MAKE_INPUT, tmp_path, number)
        seconds, peak, rows = found[number] = json.loads(run(RUN, tmp_path, number))
        print(f"{number:,} articles, {rows['quotes']:,} statements: {seconds:.1f} s, {peak:.0f} MB")  # noqa: T201
        assert rows["articles"] == number
    small, large = min(found), max(found)
    middle = max(1000, small) if 1000 in found else small
    assert found[large][1] <= 1.2 * max(found[middle][1], found[small][1])
    assert found[large][0] <= 1.5 * found[small][0] * large / small
