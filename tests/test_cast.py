"""The cast: who an article's mentions mean, in articles of our own about invented people."""

import datetime as dt

import pytest

from diplotext.cast import read_cast
from diplotext.names import load_index

DATE = dt.date(2019, 5, 2)
DAM = (
    "The Lake Water Authority (LWA) closed the dam on Friday. Norway accused the LWA of theft. The authority denied "
    "it. Its chairman, Otto Grau, said that nobody would pay them. Protesters marched. They burned cars."
)
TALKS = (
    "U.S. President Donald Trump met Iranian Foreign Minister Mohammad Javad Zarif in Geneva. Trump told Zarif that "
    "the Iranians had cheated. Donald is angry. Iran's president refused to meet him. The two countries will talk."
)


def at_home(text, mention, number=0, **known):
    """Resolve the numbered printing of a mention."""
    at = -1
    for _ in range(number + 1):
        at = text.index(mention, at + 1)
    return read_cast(text, names=load_index(), date=DATE, **known).resolve(mention, at)


@pytest.mark.parametrize(
    ("text", "mention", "name", "country"),
    [
        (DAM, "LWA", "Lake Water Authority", None),
        (DAM, "The authority", "Lake Water Authority", None),
        (DAM, "They", "Protesters", None),
        (DAM, "Norway", "Norway", "NOR"),
        (TALKS, "Donald is", None, None),
        (TALKS, "the Iranians", "Iran", "IRN"),
        (TALKS, "Iran's president", "Hassan Rouhani", "IRN"),
        (TALKS, "him", "Donald Trump", "USA"),
    ],
)
def test_mentions_anywhere(text, mention, name, country):
    found = at_home(text, mention.removesuffix(" is"))
    assert (found.name, found.country) == (name or "Donald Trump", country or found.country)


def test_nobody_of_another_country_is_meant():
    text = "Norwegian President Ilse Toran spoke to the Danish king. The Peruvian president was silent."
    found = at_home(text, "The Peruvian president")
    assert (found.country, found.kind) == ("PER", "person") or found.kind == "anonymous"
    assert found.name != "Ilse Toran"


def test_two_states_are_parties():
    assert at_home(TALKS, "The two countries").parties == "USA;IRN"


def test_family_names_that_come_first_keep_people_apart():
    text = "Trade Minister Deng Wei-ling met Deng Mei-shan, a lawmaker. Deng Wei-ling left."
    assert at_home(text, "Deng Mei-shan").name == "Deng Mei-shan"
    assert at_home(text, "Deng Wei-ling", 1).name == "Deng Wei-ling"


@pytest.mark.parametrize(
    ("text", "mention", "country"),
    [
        ("Norway closed its embassy in Chad, Foreign Minister Ilse Toran said.", "Foreign Minister Ilse Toran", "NOR"),
        ("A post near Chad is illegal, Trade Minister Ilse Toran of Norway said.", "Trade Minister Ilse Toran", "NOR"),
        ("The governor of Georgia, Otto Grau, spoke.", "The governor of Georgia, Otto Grau", "USA"),
        ("They met near Chad. The envoy, Ilse Toran, spoke.", "The envoy, Ilse Toran", None),
    ],
)
def test_a_country_comes_from_the_office_and_never_from_nearness(text, mention, country):
    assert at_home(text, mention).country == country


def test_a_home_is_said_to_be_one():
    found = at_home(
        "Norway closed its embassy in Chad, Foreign Minister Ilse Toran said.", "Foreign Minister Ilse Toran"
    )
    assert (found.how, found.basis) == ("home", "home: whose act is reported")


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        # the speaker before, not whom he names; a man is never "she"
        ("Otto Grau left. “Ilse Toran was wrong,” Otto Grau said. Later she", "she", "Ilse Toran"),
        ("Ilse Toran met Otto Grau. She was glad.", "She", "Ilse Toran"),
        ("Otto Grau met Karl Hale. Ilse Hale wept. Nobody saw that he", " he", "Otto Grau"),
        # whom a pronoun means is at hand for the next
        ("Otto Grau left. He was late. The road was wet. He was angry. It rained for long. The dam broke. He",
         "He", "Otto Grau"),
        # somebody without a name
        ("Otto Grau left on Friday.\nA senior official stayed. He was angry.", "He", "senior official"),
        # a body that no table knows, two people, a group
        ("The mill of Brightwater closed. Brightwater is rich, and it", "it", "Brightwater"),
        ("Ilse Toran and Otto Grau met. They smiled.", "They", "Ilse Toran and Otto Grau"),
        ("The river rose. Norway sent boats. Rebels burned them. They fled.", "They", "Rebels"),
        ("Norway closed the port. It was angry.", "It", "Norway"),
    ],
)  # fmt: skip
def test_pronouns_take_up_whom_they_fit(text, mention, name):
    last = text.rindex(mention) + mention.startswith(" ")
    assert read_cast(text, names=load_index(), date=DATE).resolve(mention.strip(), last).name == name


def test_what_a_pronoun_means_does_not_hang_on_what_was_asked_before():
    text = "Otto Grau met Ilse Toran. He spoke. She sat. " + "He left. " * 40
    at = text.rindex("He")
    first = read_cast(text, names=load_index()).resolve("He", at).name
    cast = read_cast(text, names=load_index())
    for place in (text.index("She"), text.index("He left"), text.index("He spoke")):
        cast.resolve("He", place)
    assert cast.resolve("He", at).name == first == "Otto Grau"
