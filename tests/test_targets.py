"""Whom and what a statement is aimed at; every sentence is our own and speaks of invented states and people."""

import csv
import json
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from diplotext import schema
from diplotext.cast import read_cast
from diplotext.cli import main
from diplotext.encoder import StatementReading
from diplotext.encoder.statements import PARTS, Cut
from diplotext.names import load_index
from diplotext.schema import Dictionaries
from diplotext.stance import PostureClassifier, StanceClassifier, score_stances
from diplotext.stance.aims import _cut_clause, _trim
from diplotext.stance.choice import Candidate, choose_targets, describe_candidates
from diplotext.stance.fusion import describe_stance, weigh_postures
from diplotext.stance.reading import list_spans
from diplotext.stance.ruled import iterate_rows, judge_row
from diplotext.training.choice import fit_choice

ACTORS = schema.build_table(
    "actors",
    [
        {"actor_id": "XMV", "name": "Marvania", "kind": "state", "sector": "government", "country": "XMV"},
        {"actor_id": "XTO", "name": "Tolvia", "kind": "state", "sector": "government", "country": "XTO"},
        {"actor_id": "XBR", "name": "Brennia", "kind": "state", "sector": "government", "country": "XBR"},
        {"actor_id": "ilse-toran", "role": "foreign minister", "name": "Ilse Toran", "kind": "person",
         "sector": "government", "country": "XMV"},
        {"actor_id": "oren-falk", "role": "president", "name": "Oren Falk", "kind": "person",
         "sector": "government", "country": "XTO"},
    ],
)  # fmt: skip
ALIASES = schema.build_table(
    "aliases",
    [{"alias": "Tolvian", "actor_id": "XTO"}, {"alias": "Marvanian", "actor_id": "XMV"},
     {"alias": "Brennian", "actor_id": "XBR"}],
)  # fmt: skip
OWN = Dictionaries(ACTORS, ALIASES)
MARVANIA = {"speaker": "Ilse Toran", "actor_id": "ilse-toran", "country": "XMV", "sector": "government"}
CRITIC = {"speaker": "Dana Quist", "country": "XMV", "sector": "opposition"}
HOUSE = {"speaker": "Quarry House", "speaker_kind": "organisation", "country": "XMV", "sector": "government"}
NEWS = "Marvania and Tolvia quarrel over a bridge. Tolvian guards closed it, and Marvanian trains wait. Tolvia slept."


def scored(text, before="", speaker=MARVANIA, headline="", **columns):
    """Score one statement that stands after `before` in an article, whose last word is the cue."""
    whole = f"{before} {text}".strip()
    start = len(whole) - len(text)
    place = {"start": start, "end": len(whole), "raw_start": start, "raw_end": len(whole)}
    quote = {"quote_id": "q", "article_id": "a", "kind": "indirect", "text": text, "speaker_kind": "person",
             "resolution": "exact", **place}  # fmt: skip
    article = {"article_id": "a", "source": "a.txt", "raw_text": whole, "text": whole, "headline": headline}
    pieces = [{"quote_id": "q", "role": "content", "part": 0, **place}]
    for role, words in (("cue", columns.get("cue")), ("source", speaker["speaker"])):
        at = whole.rfind(words, 0, start) if words else -1
        if at >= 0:
            end = at + len(words)
            pieces.append({"quote_id": "q", "role": role, "part": 0, "start": at, "end": end, "raw_start": at,
                           "raw_end": end})  # fmt: skip
    tables = schema.build_table("quotes", [quote | speaker | columns]), schema.build_table("articles", [article])
    return score_stances(*tables, schema.build_table("spans", pieces), dictionaries=OWN)


def targets(text, before="", speaker=MARVANIA, headline="", **columns):
    """Return whom a statement is aimed at, the main one first."""
    rows = scored(text, before, speaker, headline, **columns)
    return rows.loc[rows["target_kind"] == "actor", "target_id"].tolist()


class TestWhoIsMeant:
    @pytest.mark.parametrize(
        ("text", "before", "cue", "who"),
        [
            ("him of theft", "Oren Falk spoke. Ilse Toran accused", "accused", "oren-falk"),
            ("“We will punish them”", "Tolvian guards shelled the bridge. Ilse Toran said", "said", "XTO"),
        ],
    )
    def test_a_pronoun_is_named(self, text, before, cue, who):
        row = scored(text, f"{NEWS} {before}", cue=cue).iloc[0]
        assert (row["target_id"], row["stance"]) == (who, "oppose")
        assert row["mention"] in text

    def test_somebody_in_no_table_is_open(self):
        before = "Anna Holm leads the dockers. Ilse Toran accused"
        (row,) = scored("Holm of theft", before, cue="accused").query("target_kind == 'actor'").to_dict("records")
        assert (row["target_id"], row["target"], row["mention"]) == ("open:anna holm", "Anna Holm", "Holm")
        assert row["stance"] == "oppose"

    def test_both_sides_are_two(self):
        envoy = {"speaker": "Ruth Sabel", "country": "XBR", "sector": "government"}
        found = targets("both governments to step back", f"{NEWS} Ruth Sabel of Brennia urged", envoy, cue="urged")
        assert set(found) == {"XMV", "XTO"}

    def test_the_mention_is_where_it_stands(self):
        before = "Ilse Toran demanded"
        row = scored("that Tolvia leave the valley", before, cue="demanded").iloc[0]
        assert (row["target_id"], row["mention"]) == ("XTO", "Tolvia")
        assert (row["start"], row["raw_start"]) == (len(before) + 6, len(before) + 6)
        assert 0 < row["target_p"] <= 1

    def test_each_once_and_nobody_twice(self):
        found = targets("Tolvia must free the crew. Tolvia must pay, and Tolvia must go.", NEWS)
        assert found.count("XTO") == 1

    def test_an_issue_that_no_table_knows_is_open(self):
        rows = scored("the canal toll as robbery", "Ilse Toran denounced", cue="denounced")
        row = rows[rows["target_kind"] == "issue"].iloc[0]
        assert (row["target_id"], row["stance"]) == ("open:canal toll", "oppose")
        assert pd.isna(row["issue"])

    def test_who_was_met(self):
        before = "Minister Ilse Toran spoke today with President Oren Falk of Tolvia."
        headline = "Readout of Minister Toran’s Call with President Oren Falk of Tolvia"
        assert "oren-falk" in targets(before, "", HOUSE, headline, kind="speech")

    @pytest.mark.parametrize("title", ["president", "foreign minister"])
    def test_an_office_may_end_the_statement(self, title):
        before = "President Oren Falk of Tolvia closed the bridge. Foreign Minister Ilse Toran of Marvania protested."
        assert isinstance(targets(f"The bridge was closed by the {title}", before), list)

    @pytest.mark.parametrize("text", ["There are two questions about the ferry.", "It was five past nine."])
    def test_nobody(self, text):
        assert targets(text, NEWS) == []


def reading(*tags):
    """Return a reading of single letters, each with the probabilities of all tags but the first."""
    rows = np.array([[1 - sum(t), *t] for t in tags], float)
    number = np.arange(len(rows))
    cut = Cut(number, number, number, number, number + 1)
    return StatementReading(cut, np.zeros((len(rows), 4), np.float32), rows)


class TestSpans:
    def test_pieces_that_belong_together_are_one_span(self):
        found = list_spans(reading((0.9, 0, 0, 0), (0, 0.8, 0, 0), (0, 0, 0, 0), (0, 0, 0.7, 0)).tags, np.ones(4, bool))
        assert [(s.first, s.last) for s in found] == [(0, 2), (3, 4)]

    def test_a_beginning_cuts_a_run(self):
        found = list_spans(reading((0.9, 0, 0, 0), (0.1, 0, 0.8, 0)).tags, np.ones(2, bool))
        assert [(s.first, s.last) for s in found] == [(0, 1), (1, 2)]

    def test_nothing_but_the_text_is_a_target(self):
        assert list_spans(reading((0.9, 0, 0, 0)).tags, np.zeros(1, bool)) == []

    def test_ends_that_are_much_less_likely_are_cut(self):
        found = list_spans(
            reading((0.05, 0, 0, 0), (0.9, 0, 0, 0), (0, 0.8, 0, 0), (0, 0.05, 0, 0)).tags, np.ones(4, bool)
        )
        assert [(s.first, s.last) for s in found] == [(0, 1), (1, 3)]

    @pytest.mark.parametrize(
        ("text", "span", "words"),
        [
            ("against the Tolvian toll.", (8, 25), "Tolvian toll"),
            ("Marvania’s toll", (3, 10), "Marvania"),
            ("all of “these canal tolls”", (7, 26), "canal tolls"),
            ("the", (0, 3), "the"),
            ("Tolvia and Brennia", (0, 10), "Tolvia"),
            ("to leave for the hills", (0, 16), "leave"),
            ("from the ferry", (0, 14), "ferry"),
            ("the League [the hill league]", (4, 19), "League"),
            ("May and Will", (0, 7), "May"),
            ("which", (0, 5), "which"),
        ],
    )
    def test_marks_articles_and_halves_of_words_are_mended(self, text, span, words):
        start, end = _trim(text, *span)
        assert text[start:end] == words

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("Tolvia should not pay", "Tolvia"),
            ("navy, which waits", "navy"),
            ("Friends of Will Dorn", "Friends of Will Dorn"),
            ("would-be buyers", "would-be buyers"),
        ],
    )
    def test_an_actors_name_ends_before_what_he_does(self, text, name):
        assert text[: _cut_clause(text, 0, len(text))] == name


def candidate(target, *, tagged=0.5, main=0.25, mention=None, part="content", country=None):
    """Return a candidate; a target in capitals is one of the tables."""
    known = target.isupper()
    columns = {"target_id": target if known else f"open:{target}", "target": target, "target_kind": "actor",
               "target_country": country, "mention": mention or target}  # fmt: skip
    return Candidate(columns, np.zeros(1152, np.float32), tagged, main, 0.9, np.array([PARTS.index(part)]))


def facts_of(*candidates, before=(), plain=0.2, name="Ilse Toran"):
    quote = {"quote_id": "q", "article_id": "a", "text": "", "start": 0, "end": 9, "raw_start": 0, "raw_end": 9,
             "speaker": name, "kind": "direct"}  # fmt: skip
    row = next(iterate_rows(schema.build_table("quotes", [quote])))
    return describe_candidates(candidates, row, plain, frozenset(before))


def chosen(*candidates, **told):
    return [c.columns["target"] for c in choose_targets(candidates, facts_of(*candidates, **told))]


class TestChoice:
    def test_the_main_one_comes_first_and_says_how_sure_it_is(self):
        both = candidate("XTO", tagged=0.9, main=0.1), candidate("XMV", tagged=0.8, main=0.7)
        found = choose_targets(both, facts_of(*both))
        assert [c.columns["target"] for c in found] == ["XMV", "XTO"]
        assert all(0.5 < c.columns["target_p"] < 1 for c in found)

    def test_three_at_most(self):
        assert len(chosen(*(candidate(f"X{n}A", tagged=0.95) for n in range(5)))) == 3

    def test_one_that_is_unsure_counts_only_alone(self):
        unsure = candidate("canal toll", tagged=0.25)
        assert chosen(unsure) == ["canal toll"]
        assert chosen(candidate("XTO", tagged=0.9), unsure) == ["XTO"]
        assert chosen(candidate("canal toll", tagged=0.04, main=0.01, part="source")) == []
        assert chosen() == []

    @pytest.mark.parametrize(
        ("more", "less"),
        [
            ({}, {"before": ()}),
            ({"before": ()}, {"name": "XTO"}),
        ],
    )
    def test_whom_one_spoke_of_before_is_likelier_and_the_speaker_less_likely(self, more, less):
        shares = []
        for told in ({"before": ("XTO",)} | more, less):
            one = candidate("XTO")
            shares.append(choose_targets([one], facts_of(one, **told))[0].columns["target_p"])
        assert shares[0] > shares[1]

    def test_weights_are_fitted_to_what_was_a_target(self):
        facts = [{"tagged": t, "noise": float(n % 3 == 0)} for n, t in enumerate((2.0, 1.5, 1.8, -1.0, -2.0, -1.5))]
        weights = fit_choice(facts, [True] * 3 + [False] * 3, [1.0] * 6)
        assert weights["tagged"] > abs(weights["noise"])
        assert weights["constant"] == pytest.approx(0, abs=0.5)


class TestTogether:
    """Posture and stances are judged together."""

    def test_stances_go_with_the_posture(self):
        aim = candidate("XTO")
        p_oppose = [
            describe_stance(aim, {"accuse": share, "support": 1 - share}, main=True)["p_oppose"]
            for share in (0.1, 0.5, 0.9)
        ]
        assert p_oppose == sorted(p_oppose)
        assert p_oppose[0] < p_oppose[-1]

    def test_shares_sum_to_one(self):
        row = next(iterate_rows(schema.build_table("quotes", [
            {"quote_id": "q", "article_id": "a", "text": "Tolvia lies.", "start": 0, "end": 12, "raw_start": 0,
             "raw_end": 12}])))  # fmt: skip
        sure = candidate("XTO")
        sure = sure._replace(columns=sure.columns | {"target_p": 0.9})
        postures = weigh_postures(np.zeros(1152, np.float32), judge_row(row, load_index()), [sure])
        assert sum(postures.values()) == pytest.approx(1)
        found = describe_stance(sure, postures, main=True)
        assert sum(found[f"p_{stance}"] for stance in schema.STANCES) == pytest.approx(1)

    def test_every_posture_has_its_usual_stances(self):
        rows = pd.read_csv(files("diplotext") / "resources" / "posture_stances.csv")
        assert set(rows["posture"]) == set(schema.POSTURES)
        assert rows.groupby("posture").size().eq(4).all()
        assert rows[list(schema.STANCES)].sum(axis=1).between(0.999, 1.001).all()


def test_own_classifiers_take_the_place_of_the_usual_ones():
    X = pd.DataFrame({"text": ["We will strike.", "We will bomb them.", "We will talk.", "We will meet them."] * 3})
    mood = PostureClassifier().fit(X, ["hard", "hard", "soft", "soft"] * 3)
    stance = StanceClassifier().fit(X.assign(target="them"), ["against", "against", "for", "for"] * 3)
    tables = scored("that Tolvia leave the valley", "Ilse Toran demanded", cue="demanded")
    assert set(tables["posture"]) <= set(schema.POSTURES)
    quote = {"quote_id": "q", "article_id": "a", "text": "We will strike Tolvia.", "start": 0, "end": 22,
             "raw_start": 0, "raw_end": 22, "resolution": "exact"}  # fmt: skip
    article = {"article_id": "a", "source": "a", "raw_text": quote["text"], "text": quote["text"]}
    rows = score_stances(
        schema.build_table("quotes", [quote]), schema.build_table("articles", [article]), dictionaries=OWN,
        posture=mood, stance=stance,
    )  # fmt: skip
    assert set(rows["posture"]) <= {"hard", "soft"}
    assert rows["plover"].isna().all()
    assert set(rows["stance"].dropna()) <= {"against", "for"}
    schema.check_table(rows, "stances")


def test_the_cast_knows_pairs_and_bodies():
    text = "Marvania and Tolvia met. Brennia watched. Both sides spoke."
    cast = read_cast(text, names=load_index(ACTORS, ALIASES))
    assert cast.resolve("Both sides", text.index("Both")).parties == "XMV;XTO"


def test_own_issues_on_the_command_line(tmp_path, capsys):
    (tmp_path / "news.txt").write_text("“Nobody closes the sluice gates,” Foreign Minister Anna Holm said.\n", "utf-8")
    own = tmp_path / "issues.csv"
    with own.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["issue_id", "name", "patterns"], ["gates", "gates", "clos~ ... gates"]])
    arguments = ["analyze", str(tmp_path / "news.txt"), "--out", str(tmp_path / "out"), "--issues"]
    assert main([*arguments, str(own)]) == 0
    assert json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["arguments"]["own_issues"] == 1
    own.write_text("issue,patterns\na,b\n", "utf-8")
    assert main([*arguments, str(own)]) == 2
    assert "issues.csv: issues: expected a column 'issue_id' (did you mean to rename 'issue'" in capsys.readouterr().err
    assert main([*arguments, str(tmp_path / "none.csv")]) == 2
    assert "--issues:" in capsys.readouterr().err
