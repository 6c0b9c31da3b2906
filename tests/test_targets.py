"""Whom a statement is aimed at; every sentence is our own and speaks of invented states and people."""

import csv
import json

import pandas as pd
import pytest

from diplotext import Dictionaries, schema
from diplotext.cast import body_before, states_before
from diplotext.cli import main
from diplotext.names import load_index
from diplotext.stance import score_stances
from diplotext.stance.gathered import Candidate
from diplotext.stance.issues import bundled_issues
from diplotext.stance.rows import find_candidates, iterate_rows
from diplotext.stance.selection import FIRST, choose_targets, rate_candidate, target_weights
from diplotext.stance.surroundings import Surroundings
from diplotext.training.targets import BY_HAND, Case, fit_weights, read_cases, score_cases

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


def targets(text, before="", speaker=MARVANIA, headline="", **columns):
    """Score one statement that stands after `before` in an article; return its actors, the main one first."""
    whole = f"{before} {text}".strip()
    start = len(whole) - len(text)
    quote = {"quote_id": "q", "article_id": "a", "kind": "indirect", "text": text, "speaker_kind": "person",
             "resolution": "exact", "start": start, "end": len(whole), "raw_start": start,
             "raw_end": len(whole)}  # fmt: skip
    article = {"article_id": "a", "source": "a.txt", "raw_text": whole, "text": whole, "headline": headline}
    quotes = schema.build_table("quotes", [quote | speaker | columns])
    rows = score_stances(quotes, schema.build_table("articles", [article]), dictionaries=OWN)
    return rows.loc[rows["target_kind"] == "actor", "target_id"].tolist()


class TestBeyondWhatIsNamed:
    @pytest.mark.parametrize(
        ("text", "columns"),
        [
            ("Both governments must step back from the bridge.", {"cue": "said"}),
            ("on the two sides to step back from the bridge", {"cue": "called"}),
            ("on both armies to step back from the bridge", {"cue": "called"}),
        ],
    )
    def test_both_sides(self, text, columns):
        envoy = {"speaker": "Ruth Sabel", "country": "XBR", "sector": "government"}
        assert set(targets(text, f"{NEWS} Ruth Sabel of Brennia {columns['cue']}", envoy, **columns)) == {"XMV", "XTO"}

    def test_both_is_not_always_a_pair_of_states(self):
        assert targets("that both bridges are closed", f"{NEWS} Ilse Toran said", cue="said") == []

    def test_a_threat_that_names_nobody_is_aimed_at_the_other_side(self):
        assert targets("that we will close the airspace", f"{NEWS} Ilse Toran warned", cue="warned") == ["XTO"]

    def test_without_a_quarrel_of_two_nobody_is_meant(self):
        many = "Marvania, Tolvia, Brennia, France, Chile and Japan met. Chile spoke. Japan spoke."
        assert targets("that we will close the airspace", f"{many} Ilse Toran warned", cue="warned") == []

    @pytest.mark.parametrize("pronoun", ["her", "him"])
    def test_who_is_praised_by_a_pronoun(self, pronoun):
        assert targets(f"{pronoun} for that candour", f"{NEWS} Oren Falk spoke. Ilse Toran praised", cue="praised")[
            :1
        ] == ["oren-falk"]

    def test_a_critic_means_the_own_government(self):
        found = targets("the government for its silence", f"{NEWS} Dana Quist criticised", CRITIC, cue="criticised")
        assert found[:1] == ["XMV"]

    def test_a_minister_means_nobody_by_the_government(self):
        assert "XMV" not in targets("the government for its courage", f"{NEWS} Ilse Toran praised", cue="praised")


@pytest.mark.parametrize("title", ["president", "foreign minister"])
def test_an_office_may_end_the_statement(title):
    """Words past a statement's end once counted as the office's, and ended the run."""
    before = "President Oren Falk of Tolvia closed the bridge. Foreign Minister Ilse Toran of Marvania protested."
    assert isinstance(targets(f"The bridge was closed by the {title}", before), list)


class TestReadouts:
    BEFORE = "Minister Ilse Toran spoke today with President Oren Falk of Tolvia."
    HEADLINE = "Readout of Minister Toran’s Call with President Oren Falk of Tolvia"

    def readout(self, text, before=BEFORE):
        return targets(text, before, HOUSE, self.HEADLINE, kind="speech")

    def test_who_was_met(self):
        assert self.readout(self.BEFORE, "") == ["oren-falk"]

    def test_what_was_spoken_of_is_no_target(self):
        assert self.readout("They discussed the flood on the border of Brennia.") == ["oren-falk"]

    def test_who_is_praised_there_is(self):
        assert "XBR" in self.readout("They thanked Brennia for its help.")


class TestNames:
    def test_somebody_in_no_table_has_the_name_as_id(self):
        before = "Anna Holm leads the dockers. Ilse Toran accused"
        assert targets("Holm of theft", before, cue="accused") == ["Anna Holm"]

    @pytest.mark.parametrize(
        ("text", "group"),
        [
            ("We thank our European allies for their help.", "European allies"),
            ("Allies and partners stand with us.", "Allies and partners"),
            ("The senators voted.", "senators"),
            ("Both sides waited.", None),
            ("The ferry waited.", None),
        ],
    )
    def test_a_group_is_a_candidate_under_its_words(self, text, group):
        (row,) = iterate_rows(pd.DataFrame([{"quote_id": "q", "article_id": "a", "text": text}]))
        around = Surroundings(text, "", load_index(ACTORS, ALIASES), None)
        found = find_candidates(row, around, bundled_issues()).candidates
        assert [c.target_id for c in found if "group" in c.features] == ([group] if group else [])

    @pytest.mark.parametrize(
        "text", ["The train leaves at nine.", "There are two questions about the ferry.", "I live near the bridge."]
    )
    def test_nobody(self, text):
        assert targets(text, NEWS) == []

    def test_each_once_and_nobody_twice(self):
        found = targets("Tolvia must free the crew. Tolvia must pay, and the Tolvian guards must go.", NEWS)
        assert found == ["XTO"]


def test_bodies_and_pairs_named_before():
    index = load_index(ACTORS, ALIASES)
    text = "Marvania and Tolvia met at NATO. Brennia watched. The alliance and both sides spoke."
    assert states_before(index, text, len(text)) == ["XMV", "XTO"]
    assert states_before(index, "Tolvia waited.", 14) == []
    assert body_before(index, text, len(text), "alliance") == "NATO"
    assert body_before(index, "The EU met. The bloc said no.", 16, "bloc") == "EU"


class TestWeights:
    def test_the_table_holds_both_kinds(self):
        for kind in ("actor", "issue"):
            assert 0 < target_weights(kind)[FIRST] < 1

    def test_more_that_speaks_for_a_target_makes_it_likelier(self):
        def rate(*features):
            return rate_candidate(Candidate("XTO", "Tolvia", "actor", "XTO", 0, 1, frozenset(features)))

        assert rate("named", "named right after act") > rate("named") > rate("named", "belongs")

    def test_targets_come_actors_first_and_by_likelihood(self):
        def make(target_id, kind, *features):
            return Candidate(target_id, target_id, kind, None, 0, 1, frozenset(features))

        strong = make("b", "actor", "named", "named right after act", "addressed", "named person")
        weak = make("a", "actor", "addressed", "named")
        issue = make("c", "issue", "issue", *(f for f, w in target_weights("issue").items() if w > 0.2))
        nothing = make("d", "actor", "before", "before far")
        assert [c.target_id for c in choose_targets([issue, weak, nothing, strong])] == ["b", "a", "c"]
        assert choose_targets([nothing]) == []


class TestFitting:
    @staticmethod
    def cases(n=40):
        """Statements in which the actor with the feature `sign` is the target, and issues alike."""
        made = []
        for number in range(n):
            candidates = [
                Candidate("a", "A", "actor", None, 0, 1, frozenset({"sign", "both"})),
                Candidate("b", "B", "actor", None, 1, 2, frozenset({"both", "addressed"})),
                Candidate("i", "I", "issue", None, 2, 3, frozenset({"issue", "sign" if number % 2 else "other"})),
            ]
            hits = ["a", None, "i" if number % 2 else None]
            made.append(Case(f"d{number}", "coded", candidates, hits, frozenset(h for h in hits if h)))
        return made

    def test_weights_find_what_tells_targets(self):
        fit = fit_weights(self.cases(), "actor")
        assert fit.weights["sign"] > 0.5 > abs(fit.weights["both"])
        assert fit.weights["addressed"] == BY_HAND["addressed"]  # by hand, whatever the cases say

    def test_scores(self):
        case = self.cases(2)[1]
        cuts = {"actor": (0.5, 0.5), "issue": (0.5, 0.5)}
        assert score_cases([(case, [0.9, 0.1, 0.9])], cuts) == (1.0, 1.0, 1.0)
        assert score_cases([(case, [0.9, 0.8, 0.1])], cuts) == (0.5, 0.5, 0.5)
        assert score_cases([(case, [0.1, 0.1, 0.1])], cuts)[2] == 0

    def test_labels_for_reporting_are_not_read(self, tmp_path):
        (tmp_path / "whitehouse").mkdir()
        row = {"corpus": "whitehouse", "start": 0, "end": 33, "speaker": "", "posture": "support", "stance": "support",
               "conditional": "false", "mode": "actual", "target": "", "target_start": 9, "target_end": 16,
               "target_kind": "actor"}  # fmt: skip
        rows = []
        for part in ("develop", "report"):
            text = "We thank Ukraine for its courage."
            head = "---\ntitle: Statement by President Joe Biden\n---\n\n"
            (tmp_path / "whitehouse" / f"{part}.md").write_text(f"{head}{text}\n", "utf-8")
            shift = {k: row[k] + len(head) for k in ("start", "end", "target_start", "target_end")}
            rows.append(row | shift | {"document": f"{part}.md", "part": part})
        pd.DataFrame(rows).to_csv(tmp_path / "postures.csv", index=False)
        (case,) = read_cases([tmp_path])
        assert (case.document, case.part, set(case.gold)) == ("develop.md", "develop", {"UKR"})
        assert [c.target_id for c, hit in zip(case.candidates, case.hits, strict=True) if hit] == ["UKR"]

    def test_without_labels(self, tmp_path, capsys):
        assert main(["train", "targets", "--data", str(tmp_path), "--out", str(tmp_path / "out")]) != 0
        assert "expected coded.csv in one of the folders" in capsys.readouterr().err

    def test_networks_need_a_base(self, tmp_path, capsys):
        assert main(["train", "stance", "--data", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
        assert "--base: expected the folder of a model to train stance; got none" in capsys.readouterr().err


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
