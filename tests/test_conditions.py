"""Conditionals; every sentence is our own and speaks of invented states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplotext import schema
from diplotext.spans import short_hash
from diplotext.stance import extract_conditions, find_conditionals
from diplotext.stance.conditional.finding import tell_imposer


def halves(text):
    """The first conditional as (condition, consequence) in words."""
    made = find_conditionals(text)
    if not made:
        return None
    return tuple(half and text[half.start : half.end] for half in (made[0].condition, made[0].consequence))


FOUND = [
    ("If Tolvia attacks, we will respond.", "If Tolvia attacks", "we will respond"),
    ("We will respond if Tolvia attacks.", "if Tolvia attacks", "We will respond"),
    ("We will close the border unless the raids stop.", "unless the raids stop", "We will close the border"),
    ("Unless the crew is freed, no ship will leave.", "Unless the crew is freed", "no ship will leave"),
    ("The sanctions will stay until Tolvia leaves the valley.", "until Tolvia leaves the valley",
     "The sanctions will stay"),
    ("Should they cross the river, they will pay for it.", "Should they cross the river", "they will pay for it"),
    ("Were Brennia to join, the balance would change.", "Were Brennia to join", "the balance would change"),
    ("Once the gate is open, we will lift the ban.", "Once the gate is open", "we will lift the ban"),
    ("We will keep talking as long as they do.", "as long as they do", "We will keep talking"),
    ("We will sign, provided that the annex is dropped.", "provided that the annex is dropped", "We will sign"),
    ("In case of a blockade, we will fly the grain in.", "In case of a blockade", "we will fly the grain in"),
    ("Any raid on the ferry will be met with force.", "Any raid on the ferry", "will be met with force"),
    ("Tolvia must free the crew or face new tariffs.", "Tolvia must free the crew", "or face new tariffs"),
    ("Leave the valley, or else we will cut the power.", "Leave the valley", "or else we will cut the power"),
    ("“If you come in peace,” “you will be our guests.”", "If you come in peace", "you will be our guests"),
    ("She said that if the dam broke, Marvania would pay.", "if the dam broke", "Marvania would pay"),
    ("Wait. If it rains we will go home.", "If it rains", "we will go home"),
    ("Our support depends on reforms.", "depends on reforms", None),
]  # fmt: skip

NONE = [
    "We will respond if necessary.",
    "He spoke as if nothing had happened.",
    "They asked if the road was open.",
    "We do not know if he will come.",
    "Even if it rains, the parade goes on.",
    "They stayed until Monday.",
    "The ferry ran until 1962.",
    "The office is closed until further notice.",
    "They should leave the valley.",
    "The weapons were provided by Brennia.",
    "We will keep lenders from providing credit to the mill.",
    "They met once in Ostrel.",
    "The clouds were dark.",
    "Once again the river rose.",
    "What if they come?",
    "",
]


class TestFind:
    @pytest.mark.parametrize(("text", "condition", "consequence"), FOUND)
    def test_halves(self, text, condition, consequence):
        found_condition, found_consequence = halves(text)
        assert found_condition == condition
        assert consequence is None or found_consequence.strip('”"') == consequence

    @pytest.mark.parametrize("text", NONE)
    def test_none(self, text):
        assert find_conditionals(text) == []

    @pytest.mark.parametrize(
        ("text", "aim"),
        [
            ("If Tolvia attacks, we will respond with tanks.", "deter"),
            ("Any raid will be answered.", "deter"),
            ("Do not cross the line, or face the consequences.", "deter"),
            ("Unless Tolvia leaves, we will impose sanctions.", "compel"),
            ("If Tolvia does not leave, we will impose sanctions.", "compel"),
            ("If the raids continue, we will close the border.", "compel"),
            ("The ban will stay until the crew is freed.", "compel"),
            ("Free the crew or face the consequences.", "compel"),
            ("If Tolvia withdraws, we will lift the ban.", "compel"),
        ],
    )
    def test_aim(self, text, aim):
        assert find_conditionals(text)[0].aim == aim

    @pytest.mark.parametrize(
        ("text", "specific", "instrument"),
        [
            ("If they come, we will impose new sanctions.", True, "new sanctions"),
            ("If they come, we will cut off the gas.", True, "gas"),
            ("If they come, we will expel their envoys.", True, None),
            ("If they come, there will be consequences.", False, None),
            ("If they come, we will respond.", False, None),
        ],
    )
    def test_specific(self, text, specific, instrument):
        made = find_conditionals(text)[0]
        assert (made.specific, made.consequence.instrument) == (specific, instrument)

    @pytest.mark.parametrize(
        ("text", "condition", "consequence"),
        [
            ("If Tolvia attacks, we will respond.", "Tolvia", "we"),
            ("If one wagon is stopped, we will answer.", None, "we"),
            ("If the government of Tolvia agrees, Marvania will sign.", "the government of Tolvia", "Marvania"),
            ("If they come, the bridges will be closed.", "they", None),
            ("Should the Tolvian army move, her government would act.", "the Tolvian army", "her government"),
            ("If it rains, everybody loses.", "it", None),
        ],
    )
    def test_agents(self, text, condition, consequence):
        made = find_conditionals(text)[0]
        assert (made.condition.agent, made.consequence.agent) == (condition, consequence)

    def test_two_conditionals(self):
        text = "If they come, we will fight. If they leave, we will talk."
        assert [made.aim for made in find_conditionals(text)] == ["deter", "compel"]

    @given(st.text(alphabet="if unless, wilor.“”TAny\n", max_size=300))
    def test_halves_are_spans_of_the_text(self, text):
        for made in find_conditionals(text):
            assert made.condition or made.consequence
            for half in filter(None, (made.condition, made.consequence)):
                assert 0 <= half.start < half.end <= len(text)

    def test_one_long_line(self):
        line = "and if the gates close, we will answer, " * 2500
        assert len(find_conditionals(line)) > 0


def build(pieces, raw_prefix=""):
    """An article whose statement has the given content pieces, with a cue between them; the raw text has a prefix."""
    text = "Toran spoke. " + ", she said, ".join(pieces) + " She left."
    start = text.index(pieces[0])
    end = text.index(pieces[-1]) + len(pieces[-1])
    raw = raw_prefix + text
    place = {"start": start, "end": end, "raw_start": start + len(raw_prefix), "raw_end": end + len(raw_prefix)}
    quotes = schema.build_table(
        "quotes",
        [{"quote_id": short_hash(raw), "article_id": "a", "kind": "direct", "text": " ".join(pieces), **place}],
    )
    articles = schema.build_table("articles", [{"article_id": "a", "source": "a.txt", "raw_text": raw, "text": text}])
    return quotes, articles


class TestExtract:
    @pytest.mark.parametrize("prefix", ["", "[advertisement] "])
    @pytest.mark.parametrize(
        "pieces",
        [
            ["“If Tolvia attacks, we will cut off the gas.”"],
            ["“If Tolvia attacks,”", "“we will cut off the gas.”"],
            ["“The hour is late.", "If Tolvia attacks, we will cut off the gas.”"],
        ],
    )
    def test_offsets(self, pieces, prefix):
        quotes, articles = build(pieces, prefix)
        table = schema.check_table(extract_conditions(quotes, articles), "conditions")
        text, raw = articles["text"].iloc[0], articles["raw_text"].iloc[0]
        found = {row.part: text[row.start : row.end] for row in table.itertuples()}
        assert found["condition"] == "If Tolvia attacks"
        assert found.get("consequence", "we will cut off the gas").startswith("we will cut off the gas")
        for row in table.itertuples():
            assert raw[row.raw_start : row.raw_end] == text[row.start : row.end]

    def test_row(self):
        table = extract_conditions(*build(["“If Tolvia attacks, we will cut off the gas.”"]))
        consequence = table[table["part"] == "consequence"].iloc[0]
        assert (consequence["agent"], consequence["instrument"], consequence["aim"]) == ("we", "gas", "deter")
        assert consequence["specific"]

    def test_none_is_the_empty_table(self):
        table = extract_conditions(*build(["“The clouds were dark.”"]))
        assert table.empty
        assert list(table.columns) == list(schema.TABLES["conditions"].columns)

    def test_empty(self):
        assert extract_conditions(schema.build_table("quotes"), schema.build_table("articles")).empty


class TestFurtherForms:
    @pytest.mark.parametrize(
        ("text", "condition"),
        [
            ("We will impose costs on Tolvia should it cross the river.", "should it cross the river"),
            ("Tolvia would lose its transit should the verdict stand.", "should the verdict stand"),
            ("If any soldier crosses, we will answer.", "If any soldier crosses"),
            ("If anything happens to the crew, we will answer.", "If anything happens to the crew"),
            ("We will respond swiftly to any further aggression.", "to any further aggression"),
            ("We are ready to impose costs for such actions, and to help.", "for such actions"),
            ("Such acts will be met with force.", "Such acts"),
            ("We will talk as soon as the guns are silent.", "as soon as the guns are silent"),
        ],
    )
    def test_found(self, text, condition):
        (made,) = find_conditionals(text)
        assert text[made.condition.start : made.condition.end] == condition
        assert made.consequence is not None

    @pytest.mark.parametrize(
        "text",
        [
            "If anything, we will be late.",
            "We have provided food to the delta and will go on.",
            "We’ve provided, as you know, a ferry, and will go on.",
            "What should the envoy say?",
            "It will not be packed or otherwise.",
            "He found a good job or paid bills, and will go on.",
            "We discussed any further steps.",
            "They worked to deter further aggression.",
            "He came from a town that had a bridge.",
            "He rose as soon as the bell rang.",
        ],
    )
    def test_not_found(self, text):
        assert find_conditionals(text) == []


@pytest.mark.parametrize(
    ("text", "reported", "imposer"),
    [
        ("If they cross, we will close the strait.", False, "speaker"),
        ("If they cross, our guns will answer.", False, "speaker"),
        ("that if they crossed, it would close the strait", True, "speaker"),
        ("If they cross, it will close the strait.", False, "other"),
        ("If they cross, Marvania will close the strait.", False, "speaker"),
        ("If they cross, the river will take them.", False, "other"),
        ("If they cross, they will be stopped by us.", False, "speaker"),
        ("If they withdraw, we will meet them.", False, "none"),
        ("If they cross", False, "none"),
    ],
)
def test_who_imposes_the_cost(text, reported, imposer):
    at = text.find("Marvania")
    own = [(at, at + len("Marvania"))] if at >= 0 else []
    (made,) = find_conditionals(text)
    assert tell_imposer(text, made, own, reported=reported) == imposer
