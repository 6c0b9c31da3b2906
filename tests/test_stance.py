"""Stance and posture; every sentence is our own and speaks of invented states and people."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplotext import Analysis, Dictionaries, schema, stance
from diplotext.names import load_index
from diplotext.schema import read_rows
from diplotext.stance import MODEL, score_stances
from diplotext.stance.issues import load_issues
from diplotext.stance.phrases import PhraseTable
from diplotext.stance.posture.judging import posture_rows
from diplotext.stance.ruled import iterate_rows, judge_row

ACTORS = schema.build_table(
    "actors",
    [
        {"actor_id": "XMV", "name": "Marvania", "kind": "state", "sector": "government", "country": "XMV"},
        {"actor_id": "XTO", "name": "Tolvia", "kind": "state", "sector": "government", "country": "XTO"},
        {"actor_id": "XBR", "name": "Brennia", "kind": "state", "sector": "government", "country": "XBR"},
        {"actor_id": "selm-pact", "name": "Selm Pact", "kind": "organisation", "sector": "body"},
        {"actor_id": "ilse-toran", "role": "foreign minister", "name": "Ilse Toran", "kind": "person",
         "sector": "government", "country": "XMV"},
        {"actor_id": "oren-falk", "role": "president", "name": "Oren Falk", "kind": "person",
         "sector": "government", "country": "XTO"},
        {"actor_id": "dana-quist", "role": "opposition leader", "name": "Dana Quist", "kind": "person",
         "sector": "opposition", "country": "XMV"},
    ],
)  # fmt: skip
ALIASES = schema.build_table(
    "aliases",
    [
        {"alias": "Marvanian", "actor_id": "XMV"}, {"alias": "Marvanians", "actor_id": "XMV"},
        {"alias": "Tolvian", "actor_id": "XTO"}, {"alias": "Tolvians", "actor_id": "XTO"},
        {"alias": "Brennian", "actor_id": "XBR"}, {"alias": "the Pact", "actor_id": "selm-pact"},
    ],
)  # fmt: skip
OWN = Dictionaries(ACTORS, ALIASES)


def build(statements):
    """One article a statement, "Ilse Toran <cue> <text>", as quotes and articles; each statement is text or a dict."""
    quotes, articles = [], []
    for n, statement in enumerate(statements):
        given_ = {"text": statement} if isinstance(statement, str) else dict(statement)
        words, cue = given_.pop("text"), given_.pop("cue", "said")
        before = given_.pop("before", f"Ilse Toran {cue} ")
        text = before + words + given_.pop("after", "")
        place = {"start": len(before), "end": len(before) + len(words)}
        quotes.append(
            {
                "quote_id": f"q{n}", "article_id": f"a{n}", "kind": "direct", "text": words, "cue": cue,
                "speaker": "Ilse Toran", "resolution": "exact",
                "actor_id": "ilse-toran", "country": "XMV", "sector": "government", "speaker_kind": "person",
                **place, "raw_start": place["start"], "raw_end": place["end"], **given_,
            }
        )  # fmt: skip
        articles.append({"article_id": f"a{n}", "source": f"a{n}.txt", "raw_text": text, "text": text})
    return schema.build_table("quotes", quotes), schema.build_table("articles", articles)


def pieces(quotes, articles):
    """Return the spans of statements that `build` made: the content, and the first cue and "Ilse Toran" printed."""
    rows = []
    for quote, text in zip(quotes.to_dict("records"), articles["text"], strict=True):
        places = {"content": (quote["start"], quote["end"])}
        for role, words in (("cue", quote["cue"]), ("source", "Ilse Toran")):
            start = text.find(words) if words else -1
            if start >= 0 and not quote["start"] <= start < quote["end"]:
                places[role] = (start, start + len(words))
        rows += [
            {"quote_id": quote["quote_id"], "role": role, "part": 0, "start": s, "end": e, "raw_start": s, "raw_end": e}
            for role, (s, e) in places.items()
        ]
    return schema.build_table("spans", rows)


def score(*statements):
    quotes, articles = build(statements)
    return score_stances(quotes, articles, pieces(quotes, articles), dictionaries=OWN)


def first(statement):
    return score(statement).iloc[0]


def rule(statement):
    """Return the posture that the rules alone give."""
    quotes, _ = build([statement])
    (row,) = iterate_rows(quotes)
    return judge_row(row, load_index(ACTORS, ALIASES)).posture


MISREAD = pytest.mark.xfail(strict=True, reason="what is demanded to end is misread")
POSTURES = [
    # threaten / warn: who imposes the cost
    ("We will impose sanctions on Tolvia.", "threaten"),
    ("The drought threatens the harvest on both banks.", "warn"),
    ("There are two questions about the ferry.", "state"),
    ("We question the motives of Tolvia.", "criticise"),
    ("I want to thank the mediators for their patience.", "support"),
    ("I cannot speak to those reports.", "state"),
    ("What I want to convey is that the ferry runs again.", "state"),
    ("Marvania will answer any further raid with artillery.", "threaten"),
    ("If Tolvia crosses the river, we will strike its bases.", "threaten"),
    ("We are ready to cut off the gas.", "threaten"),
    ("Tolvia will face severe consequences for this.", "threaten"),
    ("We reserve the right to close the strait.", "threaten"),
    ("All options are on the table.", "threaten"),
    ("We will not hesitate to expel every Tolvian diplomat.", "threaten"),
    ("Should Tolvian tanks move, they will be met with force.", "threaten"),
    ("Whoever shells our towns will pay a heavy price.", "threaten"),
    ("Tolvia will attack our ports before the winter is over.", "warn"),
    ("Tolvia could invade the valley at any moment.", "warn"),
    ("This dispute may lead to war in the whole basin.", "warn"),
    ("The region is on the brink of a catastrophe.", "warn"),
    ("If Tolvia attacks Brennia, it will destroy the peace of thirty years.", "warn"),
    ("There is a risk of famine in the delta.", "warn"),
    # reassure / deny
    ("We will not attack Tolvia.", "reassure"),
    ("Marvania has no intention of invading anybody.", "reassure"),
    ("We have no plans to close the border.", "reassure"),
    ("Our exercise is purely defensive.", "reassure"),
    ("The exercise is not directed against Tolvia.", "reassure"),
    ("We will never use force against our neighbours.", "reassure"),
    ("We did not shell the village.", "deny"),
    ("There is no truth in these reports.", "deny"),
    ("Marvania had nothing to do with the explosion.", "deny"),
    ("We never attacked that convoy.", "deny"),
    ("Our forces were not involved.", "deny"),
    # promise / offer_talks / consult
    ("We will provide Brennia with grain for the winter.", "promise"),
    ("We shall help the Brennians rebuild their bridges.", "promise"),
    ("Marvania has pledged to train two hundred Brennian doctors.", "promise"),
    ("We are ready for talks with Tolvia at any time.", "offer_talks"),
    ("I am willing to meet President Falk anywhere.", "offer_talks"),
    ("The door to dialogue remains open.", "offer_talks"),
    ("We propose a conference of all river states.", "offer_talks"),
    ("Marvania offers to mediate between Tolvia and Brennia.", "offer_talks"),
    ("We met the Tolvian delegation on Monday.", "consult"),
    ("I spoke with President Falk by telephone this morning.", "consult"),
    ("Our ministers discussed grain prices with the Brennians.", "consult"),
    # appeal / demand
    ("We urge Tolvia to return to the table.", "appeal"),
    ("We call on both sides to show restraint.", "appeal"),
    ("I hope that Tolvia will reconsider.", "appeal"),
    ("I appeal to every Tolvian mother.", "appeal"),
    ("We ask the Pact to send observers.", "appeal"),
    ("Tolvia must withdraw its troops from the valley.", "demand"),
    ("Tolvia has to release the crew at once.", "demand"),
    ("We demand the return of the two fishing boats.", "demand"),
    ("Tolvian forces must not cross the line.", "demand"),
    ("The shelling must stop.", "demand"),
    ("Tolvia needs to explain where the ship went.", "demand"),
    ("The gates should be opened by nightfall.", "demand"),
    # accuse / criticise
    ("Tolvia has violated the ceasefire nine times.", "accuse"),
    ("Tolvia is massing troops on our border.", "accuse"),
    ("They bombed a school.", "accuse"),
    ("We accuse Tolvia of poisoning the wells.", "accuse"),
    ("Tolvia is to blame for the collapse of the harvest.", "accuse"),
    ("President Falk lied to his own parliament.", "accuse"),
    ("Tolvian agents kidnapped two of our customs officers.", "accuse"),
    ("Tolvia's decision is a grave mistake.", "criticise"),
    ("That speech was reckless and unworthy.", "criticise"),
    ("We condemn the killing of the envoy.", "criticise"),
    ("Such language is unacceptable.", "criticise"),
    ("We are deeply concerned about the arrests.", "criticise"),
    ("Tolvia refuses to discuss the prisoners.", "criticise"),
    # reject
    ("We reject the Tolvian plan.", "reject"),
    ("Marvania will not accept a border drawn by others.", "reject"),
    ("We will not negotiate with kidnappers.", "reject"),
    ("That is out of the question.", "reject"),
    ("We refuse to meet them.", "reject"),
    ("We won't lift the embargo.", "reject"),
    ("We oppose the enlargement of the Pact.", "reject"),
    # support
    ("We stand with Brennia.", "support"),
    ("Marvania welcomes the decision of the Pact.", "support"),
    ("I thank the Brennian crews for their courage.", "support"),
    ("Brennia has every right to defend itself.", "support"),
    ("Brennia is a reliable partner.", "support"),
    # concede / agree / announce_act
    ("We will lift the blockade on Sunday.", "concede"),
    ("Marvania will withdraw its troops from the island by May.", "concede"),
    ("We apologise to the families.", "concede"),
    ("We have agreed on the order of the steps.", "agree"),
    ("The two governments reached an understanding on fishing rights.", "agree"),
    ("We have imposed sanctions on three Tolvian banks.", "announce_act"),
    ("We have expelled the Tolvian ambassador.", "announce_act"),
    ("Marvania is sending medicines to Brennia.", "announce_act"),
    ("Our soldiers have withdrawn from the ridge.", "announce_act"),
    ("We arrested four smugglers last night.", "announce_act"),
    # state
    ("The harvest was good this year.", "state"),
    ("The river is eleven metres deep at the ferry.", "state"),
    ("It is a matter for the parliament.", "state"),
    ("Will Tolvia attack us?", "state"),
    ("The meeting begins at nine.", "state"),
    ("Thank you very much.", "state"),
    ("Marvania and its allies are prepared to strike.", "threaten"),
    ("They told us that Tolvia and its friends will attack.", "warn"),
    # negation turns an act of speech round
    ("We do not support this resolution.", "reject"),
    ("We do not threaten anybody.", "reassure"),
    ("We are not willing to talk under fire.", "reject"),
]

CUES = [
    # the reporting verb decides, or the clause behind it does
    ("warned", "that a drought would follow", "warn"),
    ("warned", "that Marvania would cut off the gas", "threaten"),
    ("threatened", "to close the strait", "threaten"),
    ("vowed", "to retaliate", "threaten"),
    ("vowed", "to send grain to Brennia", "promise"),
    ("promised", "to pay for the new bridge", "promise"),
    ("accused", "Tolvia of arming the rebels", "accuse"),
    ("blamed", "the Tolvian navy for the collision", "accuse"),
    ("criticised", "the “language of deadlines”", "criticise"),
    ("denied", "that her troops had crossed the line", "deny"),
    ("rejected", "the accusation", "deny"),
    ("rejected", "the proposal", "reject"),
    ("refused", "to meet the envoy", "reject"),
    ("ruled out", "any concession", "reject"),
    ("urged", "Tolvia to withdraw its troops", "appeal"),
    ("called on", "the Pact to send observers", "appeal"),
    ("demanded", "that the crew be freed", "demand"),
    ("ordered", "the fleet home", "demand"),
    ("praised", "the Brennian mediators", "support"),
    ("thanked", "the crews", "support"),
    ("apologised for", "the delay", "concede"),
    ("offered", "to mediate", "offer_talks"),
    ("agreed", "to keep the bridge open", "agree"),
    ("reassured", "the delta towns that the gates would hold", "reassure"),
    ("said", "she would meet Oren Falk on Friday", "consult"),
    ("said", "it would never accept the line", "reject"),
    ("said", "Tolvia had broken the treaty", "accuse"),
]


class TestPosture:
    @pytest.mark.parametrize(("text", "posture"), POSTURES)
    def test_posture_of_words(self, text, posture):
        assert rule(text).name == posture

    @pytest.mark.parametrize(("cue", "text", "posture"), CUES)
    def test_posture_of_cue_and_words(self, cue, text, posture):
        assert rule({"cue": cue, "text": text, "kind": "indirect"}).name == posture

    def test_the_network_and_the_rules_together(self):
        words = score(*(text for text, _ in POSTURES)).drop_duplicates("quote_id")["posture"]
        cues = score(*({"cue": c, "text": t, "kind": "indirect"} for c, t, _ in CUES)).drop_duplicates("quote_id")[
            "posture"
        ]
        assert (words.to_numpy() == [p for _, p in POSTURES]).mean() > 0.85
        assert (cues.to_numpy() == [p for *_, p in CUES]).mean() > 0.85

    @pytest.mark.parametrize(
        ("text", "mode"),
        [
            ("We will impose sanctions on Tolvia.", "future"),
            ("If they come, we will impose sanctions.", "hypothetical"),
            ("Tolvia could invade at any time.", "hypothetical"),
            ("We have expelled the Tolvian envoy.", "actual"),
            ("We will not attack Tolvia.", "negated"),
            ("We did not shell the village.", "negated"),
            ("Tolvia must withdraw.", "actual"),
            ("Tolvia invaded us in 1938 and burned the ferry towns.", "historical"),
            ("Two hundred years ago the river froze.", "historical"),
        ],
    )
    def test_mode(self, text, mode):
        assert rule(text).mode == mode

    def test_same_words_differ_by_whose_they_are(self):
        words = "Marvania will attack the port."
        own, foreign = rule(words).name, rule({"text": words, "country": "XTO", "actor_id": "oren-falk"}).name
        assert (own, foreign) == ("threaten", "warn")

    def test_an_expert_cannot_threaten_in_anothers_name(self):
        words = "Tolvia will face severe consequences."
        official, expert = rule(words).name, rule({"text": words, "sector": "expert"}).name
        assert (official, expert) == ("threaten", "warn")

    def test_not_even_for_the_network(self):
        words = "If they cross the line, we will strike their bases with everything that we have."
        official, expert = score(words, {"text": words, "sector": "expert"})["posture"]
        assert (official, expert) == ("threaten", "warn")

    @pytest.mark.xfail(strict=True, reason="irony is not seen")
    def test_irony(self):
        assert rule("What a splendid idea, to shell one's own hospital.").name == "criticise"

    @pytest.mark.xfail(strict=True, reason="what is quoted inside a quotation is taken for the speaker's")
    def test_quotation_inside_quotation(self):
        assert rule("They told us, ‘We will bomb your dams’, and then they smiled.").name != "threaten"


class TestCodes:
    @pytest.mark.parametrize(
        ("text", "plover", "quad"),
        [
            ("We will impose sanctions on Tolvia.", "THREATEN", "verbal conflict"),
            ("We have imposed sanctions on Tolvia.", "SANCTION", "material conflict"),
            ("We have sent food to Brennia.", "AID", "material cooperation"),
            ("We have released the prisoners.", "RETREAT", "material cooperation"),
            ("Our soldiers attacked the Tolvian camp.", "ASSAULT", "material conflict"),
            ("We met the Brennian minister.", "CONSULT", "verbal cooperation"),
            ("We urge Tolvia to wait.", "REQUEST", "verbal conflict"),
            ("We accuse Tolvia of theft.", "ACCUSE", "verbal conflict"),
        ],
    )
    def test_plover_and_quad(self, text, plover, quad):
        found = rule(text)
        assert (found.plover, found.quad) == (plover, quad)

    @pytest.mark.parametrize("text", ["There is no truth in these reports.", "The harvest was good this year."])
    def test_deny_and_state_have_no_root(self, text):
        row = first(text)
        assert pd.isna(row["plover"])
        assert row["quad"] == "none"

    def test_accuse_is_negative(self):
        scale = {(row["kind"], row["code"]): float(row["value"]) for row in read_rows("intensity.csv")}
        assert scale["plover", "ACCUSE"] < 0
        assert first("We accuse Tolvia of theft.")["intensity"] < 0 < first("We stand with Brennia.")["intensity"]

    def test_table_of_postures_is_the_schemas(self):
        rows = posture_rows()
        assert set(rows) == set(schema.POSTURES)
        assert sorted(int(row["precedence"]) for row in rows.values()) == list(range(1, 18))

    def test_cues_read_as_postures_or_deeds(self):
        allowed = {*schema.POSTURES, "harm", "help", "talk", "yield"}
        assert {row["reads"] for row in read_rows("posture_cues.csv")} <= allowed
        assert {row["posture"] for row in read_rows("posture_frames.csv")} <= set(schema.POSTURES)


class TestTargets:
    @pytest.mark.parametrize(
        ("text", "target", "stance"),
        [
            ("We stand with Brennia against Tolvia.", "XBR", "support"),
            ("We condemn Tolvia for the raid.", "XTO", "oppose"),
            ("If Tolvia invades Brennia, we will impose sanctions.", "XTO", "oppose"),
            ("Tolvia must withdraw from the valley.", "XTO", "neutral"),
            ("We urge Tolvia to wait.", "XTO", "neutral"),
            ("We accuse President Falk of theft.", "oren-falk", "oppose"),
            ("We have sent food to Brennia.", "XBR", "support"),
            ("We held talks with Brennia.", "XBR", "neutral"),
        ],
    )
    def test_main_target_comes_first(self, text, target, stance):
        row = first(text)
        assert (row["target_id"], row["target_kind"], row["stance"]) == (target, "actor", stance)

    def test_two_targets_two_stances(self):
        rows = score("We condemn Tolvia, and we thank Brennia for its help.").set_index("target_id")
        assert rows.loc["XTO", "p_oppose"] > rows.loc["XBR", "p_oppose"]

    @pytest.mark.xfail(strict=True, reason="of blame and praise in one clause, one is often given to both")
    def test_blame_and_praise_side_by_side(self):
        rows = score("We condemn Tolvia, and we thank Brennia for its help.").set_index("target_id")
        assert (rows.loc["XTO", "stance"], rows.loc["XBR", "stance"]) == ("oppose", "support")

    @pytest.mark.parametrize(
        ("text", "issue", "stance"),
        [
            ("We are ready for talks.", "talks", "support"),
            ("We call for an immediate ceasefire.", "ceasefire", "support"),
            ("We reject these sanctions.", "sanctions", "oppose"),
            pytest.param("Tolvia must lift the sanctions.", "sanctions", "oppose", marks=MISREAD),
            ("Tolvia must end its cyberattacks.", "cyberattacks", "oppose"),
        ],
    )
    def test_issues(self, text, issue, stance):
        rows = score(text).set_index("target_id")
        assert (rows.loc[issue, "stance"], rows.loc[issue, "target_kind"]) == (stance, "issue")

    def test_an_issue_is_not_the_actor_in_its_name(self):
        rows = score("We oppose NATO expansion.")
        assert list(rows["target_id"]) == ["nato-expansion"]
        assert list(rows["stance"]) == ["oppose"]

    @pytest.mark.xfail(strict=True, reason="the subject of a clause is sometimes taken for a target")
    def test_own_side_is_no_target(self):
        rows = score("We will punish Tolvia, and Marvania will close the strait.")
        assert set(rows.loc[rows["target_kind"] == "actor", "target_id"]) == {"XTO"}

    def test_opponents_at_home_are_targets(self):
        assert first("Dana Quist has betrayed the farmers.")["target_id"] == "dana-quist"

    def test_no_target_is_an_empty_text(self):
        row = first("It was five past nine.")
        assert row["target_id"] == ""
        assert pd.isna(row["stance"])
        assert pd.isna(row["p_neutral"])

    def test_own_issues(self):
        issues = pd.DataFrame(
            [
                {
                    "issue_id": "gates",
                    "name": "gates",
                    "patterns": "close~ ... gates; closing of ... gates",
                }
            ]
        )
        quotes, articles = build(["We condemn the closing of all gates."])
        rows = score_stances(quotes, articles, dictionaries=OWN._replace(issues=issues))
        assert list(rows["target_id"]) == ["gates"]
        assert list(rows["stance"]) == ["oppose"]

    def test_own_issues_stand_beside_the_bundled_ones(self):
        words = ["the", "dam", "stays", "and", "sanctions", "will", "not", "open", "the", "sluice", "gates", "."]

        def found(*rows):
            own = pd.DataFrame(rows, columns=["issue_id", "name", "patterns"])
            return [issue.issue_id for issue in load_issues(own).find(words)]

        assert found() == ["water", "sanctions"]
        assert found(("gates", "gates", "gates/dam")) == ["gates", "sanctions"]
        assert found(("water", "water", None)) == ["sanctions"]
        assert found(("sanctions", "sanctions", "sluice ... gates")) == ["water", "sanctions"]

    @pytest.mark.parametrize(
        ("rows", "message"),
        [
            ({"a": [1]}, "issues: expected a column 'issue_id'; got a"),
            (
                {"issue_id": ["a", None], "name": ["A", "B"], "patterns": ["a", "b"]},
                "issues.issue_id: expected a value in every row; got none in row 2",
            ),
            (
                {"issue_id": ["a", "a"], "name": ["A", "A"], "patterns": ["a", "b"]},
                "issues: expected each issue_id once; got .*'a'} again",
            ),
            (
                {"issue_id": ["a"], "name": ["A"], "patterns": ["... a"]},
                r"\.\.\. stands between two words; got '\.\.\. a'",
            ),
            ({"issue_id": ["a"], "name": ["A"], "patterns": ["b; the ..."]}, "issues.patterns: .* got 'the \\.\\.\\.'"),
            ({"issue_id": ["a"], "name": ["A"], "patterns": ["a ... ... b"]}, r"between two words; got 'a"),
            (
                {"issue_id": ["a"], "name": ["A"], "patterns": ["gas/ pipe"]},
                "a word on both sides of / .* got 'gas/ pipe'",
            ),
            ({"issue_id": ["a"], "name": ["A"], "patterns": ["~"]}, "and before ~; got '~'"),
        ],
    )
    def test_own_issues_are_checked(self, rows, message):
        quotes, articles = build(["No."])
        with pytest.raises(ValueError, match=message):
            score_stances(quotes, articles, dictionaries=Dictionaries(issues=pd.DataFrame(rows)))


class TestTable:
    def test_schema_and_key(self):
        table = score(*(text for text, _ in POSTURES))
        checked = schema.check_table(table, "stances")
        assert checked["quote_id"].drop_duplicates().tolist() == [f"q{n}" for n in range(len(POSTURES))]
        assert set(checked["model"]) == {MODEL}

    def test_probabilities(self):
        table = score(*(text for text, _ in POSTURES))
        scored = table[table["target_id"] != ""]
        assert scored[["p_oppose", "p_neutral", "p_support"]].sum(axis=1).to_numpy() == pytest.approx(1)
        assert table["posture_p"].between(0, 1).all()
        assert table["sentiment"].between(-1, 1).all()

    def test_empty(self):
        table = score_stances(schema.build_table("quotes"), schema.build_table("articles"))
        assert table.empty
        assert list(table.columns) == list(schema.TABLES["stances"].columns)

    def test_input_is_not_changed(self):
        quotes, articles = build(["We stand with Brennia."])
        held = quotes.copy(deep=True), articles.copy(deep=True)
        score_stances(quotes, articles, dictionaries=OWN)
        pd.testing.assert_frame_equal(quotes, held[0])
        pd.testing.assert_frame_equal(articles, held[1])

    def test_without_speakers(self):
        quotes, articles = build(["We will impose sanctions on Tolvia."])
        bare = quotes.drop(columns=["actor_id", "country", "sector", "speaker_kind", "parties", "role"])
        row = score_stances(bare, articles, dictionaries=OWN).iloc[0]
        assert (row["posture"], row["target_id"]) == ("threaten", "XTO")

    def test_rows_do_not_depend_on_neighbours(self):
        texts = [text for text, _ in POSTURES[:20]]
        quotes, articles = build(texts)
        whole = score_stances(quotes, articles, dictionaries=OWN)
        parts = [score_stances(quotes.iloc[[n]], articles.iloc[[n]], dictionaries=OWN) for n in range(len(texts))]
        pd.testing.assert_frame_equal(whole, pd.concat(parts, ignore_index=True))

    @given(st.text(max_size=200))
    def test_any_text_has_one_posture(self, text):
        table = score(text)
        assert len(set(table["posture"])) == 1
        assert set(table["posture"]) <= set(schema.POSTURES)


class TestTone:
    def test_kind_and_harsh_words(self):
        table = score("Brennia is a brave and honest friend.", "Tolvia is a cruel and corrupt neighbour.")
        kind, harsh = table["sentiment"]
        assert harsh < -0.3 < 0.3 < kind


class TestPhrases:
    @pytest.mark.parametrize(
        ("phrase", "text", "found"),
        [
            ("impose~ ... sanction/sanctions", "imposed the very first sanctions", True),
            ("impose~ ... sanction/sanctions", "imposed a tax . sanctions", False),
            ("impose~ ... sanctions", "imposed one two three four five six sanctions", False),
            ("open to", "open to", True),
            ("open to", "open up to", False),
        ],
    )
    def test_phrase_table(self, phrase, text, found):
        assert bool(list(PhraseTable([phrase]).find(text.split()))) is found

    def test_a_phrase_begins_with_a_word(self):
        with pytest.raises(ValueError, match=r"\.\.\. stands between two words; got '\.\.\. war'"):
            PhraseTable(["... war"])


class TestAbstention:
    def test_what_is_unsure_is_left_missing_and_the_rest_is_as_before(self):
        quotes, articles = build(["We will impose sanctions on Tolvia.", "Tolvia, well, the weather and so on."])
        whole = score_stances(quotes, articles, dictionaries=OWN)
        bound = whole["posture_p"].mean()
        some = score_stances(quotes, articles, dictionaries=OWN, abstain_below=bound)
        assert some["posture"].isna().tolist() == (whole["posture_p"] < bound).tolist()
        assert 0 < some["posture"].isna().sum() < len(some)
        with_it = ["plover", "cameo", "quad", "intensity"]  # they would give the posture away
        assert some.loc[some["posture"].isna(), with_it].isna().all(axis=None)
        others = whole.columns.drop(["posture", "stance", *with_it])
        pd.testing.assert_frame_equal(some[others], whole[others])
        none = score_stances(quotes, articles, dictionaries=OWN, abstain_below=1)
        assert none["posture"].isna().all()
        schema.check_table(none, "stances")

    @pytest.mark.parametrize("wrong", [-0.1, 1.5])
    def test_a_bound_that_is_no_probability_is_refused(self, wrong):
        with pytest.raises(ValueError, match="abstain_below: expected a probability from 0 to 1; got"):
            score_stances(*build(["We agree."]), dictionaries=OWN, abstain_below=wrong)


class TestExplanation:
    def explain(self, text):
        quotes, articles = build([text])
        return quotes, stance.explain_stance("q0", Analysis(articles, quotes=quotes, dictionaries=OWN))

    def test_posture_rule_words_and_neighbours_are_told_in_this_order(self):
        quotes, found = self.explain("If the shelling goes on, we will impose sanctions on Tolvia.")
        assert found.columns.tolist() == ["evidence", "text", "label", "weight", "start", "end"]
        assert found["evidence"].drop_duplicates().tolist() == ["posture", "target", "rule", "word", "neighbour"]
        scored = score_stances(
            quotes, build(["If the shelling goes on, we will impose sanctions on Tolvia."])[1], dictionaries=OWN
        )
        assert found["label"][0] == scored["posture"][0]
        assert found["weight"][0] == pytest.approx(scored["posture_p"][0], abs=1e-6)
        assert "sanctions" in found.set_index("evidence").loc["rule", "text"]

    def test_words_are_cut_from_the_statement_and_weigh_less_and_less(self):
        _quotes, found = self.explain("We will impose sanctions on Tolvia.")
        words = found[found["evidence"] == "word"]
        assert 1 <= len(words) <= 5
        text = build(["We will impose sanctions on Tolvia."])[1]["text"][0]
        assert [text[r.start : r.end] for r in words.itertuples()] == words["text"].tolist()
        assert words["weight"].is_monotonic_decreasing
        assert (words["weight"] > 0).all()

    def test_a_statement_that_was_learned_is_its_own_nearest_neighbour(self, request):
        written = pd.read_csv(request.config.rootpath / "data" / "statements.csv", keep_default_na=False)
        row = written[(written["target"] == "") & (written["speaker"] != "") & (written["cue"] == "said")].iloc[0]
        quotes, articles = build([{"text": row["text"], "speaker": row["speaker"]}])
        found = stance.explain_stance("q0", Analysis(articles, quotes=quotes))
        near = found[found["evidence"] == "neighbour"]
        assert len(near) == 3
        assert near["text"].iloc[0] == row["text"]
        assert near["weight"].iloc[0] > 0.85
        assert near["weight"].is_monotonic_decreasing

    def test_a_statement_is_explained_as_it_was_scored_among_the_others(self):
        text = "“We wait,” Qzorra Vellim said. Ilse Toran said: Vellim has lied to the valley."
        rows = [
            {"text": "“We wait,”", "speaker": "Qzorra Vellim", "actor_id": None},
            {"text": "Vellim has lied to the valley."},
        ]
        quotes, _ = build(rows)
        quotes = quotes.assign(article_id="a", start=[text.find(t) for t in quotes["text"]])
        quotes = quotes.assign(end=quotes["start"] + quotes["text"].str.len())
        articles = schema.build_table("articles", [{"article_id": "a", "source": "a", "raw_text": text, "text": text}])
        scored = score_stances(quotes, articles, dictionaries=OWN).set_index("quote_id")
        assert scored.loc["q1", "target"] == "Qzorra Vellim"
        found = stance.explain_stance("q1", Analysis(articles, quotes=quotes, dictionaries=OWN))
        assert found["weight"][0] == pytest.approx(scored.loc["q1", "posture_p"], abs=1e-6)

    def test_a_statement_that_is_not_there_is_named(self):
        quotes, articles = build(["We agree."])
        with pytest.raises(ValueError, match="quote_id: expected one of the quotes table; got 'q7'"):
            stance.explain_stance("q7", Analysis(articles, quotes=quotes))
