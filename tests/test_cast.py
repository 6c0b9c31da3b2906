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


@pytest.mark.parametrize(
    ("text", "mention", "name", "country"),
    [
        # whose state no office tells: a city, a nation, a rebel's none
        ("Ilse Toran, a baker from Lahore, said no.", "Ilse Toran, a baker from Lahore", "Ilse Toran", "PAK"),
        ("“No,” said Ilse Toran, 40, from Toronto.", "Ilse Toran", "Ilse Toran", "CAN"),
        ("The Norwegian photographer Ilse Toran said no.", "Ilse Toran", "Ilse Toran", "NOR"),
        ("Ilse Toran, a Norwegian nurse who knew Peru, said no.", "Ilse Toran", "Ilse Toran", "NOR"),
        ("Norway protested. Otto Grau, a commander of the rebels, said no.", "Otto Grau", "Otto Grau", None),
        ("Norway and Oxfam met. Otto Grau, director of Oxfam, said no.", "Otto Grau", "Otto Grau", None),
        ("The mayor of Munich said no.", "The mayor of Munich", "mayor of Munich", "DEU"),
        ("A diplomat in Munich said no.", "A diplomat in Munich", "diplomat in Munich", None),
        # titles and what follows a name
        ("Detective Constable Ilse Toran said no.", "Detective Constable Ilse Toran", "Ilse Toran", None),
        ("Ilse Toran QC said no.", "Ilse Toran QC", "Ilse Toran", None),
        ("Minister of Water Ilsa Toran said no.", "Minister of Water Ilsa Toran", "Ilsa Toran", None),
        ("Lake Department of Water official Ilsa Toran said no.", "Lake Department of Water official Ilsa Toran",
         "Ilsa Toran", None),
        ("Ilse Toran a former baker said no.", "Ilse Toran a former baker", "Ilse Toran", None),
        ("His daughter, and heir to the mill, Anna Toran, said no.", "His daughter, and heir to the mill, Anna Toran",
         "Anna Toran", None),
        # who is told to be somebody's relative, and whose people they are
        ("Otto Grau's mother, Ilse Bredt, wept. Grau said no. His mother said yes.", "His mother", "Ilse Bredt", None),
        ("Otto Grau said no. His lawyers said yes.", "His lawyers", "Grau’s lawyers", None),
        ("A man who called himself Abu Toran said no.", "A man", "Abu Toran", None),
        # documents of a person and of a body
        ("Otto Grau said no. His resignation letter said why.", "His resignation letter", "Otto Grau", None),
        ("The Lake Water Authority said no. Its website said why.", "Its website", "Lake Water Authority", None),
        ("Norway left. Norway paid. In Norway the government said no.", "the government", "Norway", "NOR"),
    ],
)  # fmt: skip
def test_kinds_of_news(text, mention, name, country):
    found = at_home(text, mention)
    assert (found.name, found.country) == (name, country)


@pytest.mark.parametrize(
    ("text", "byline", "name"),
    [
        ("I saw it. It was bad. • Ilse Toran is a columnist", "", "Ilse Toran"),
        ("I saw it. It was bad. Ilse Toran", "By Otto Grau, Marvagrad", "Otto Grau"),
        ("I saw it. Ilse Toran Toronto • I did not. Otto Grau Munich • Read more letters", "", "Ilse Toran"),
        ("((Lake News)) Why?\n\n((Ilse Toran)) I saw it.", "", "Ilse Toran"),
        ("I saw it. It was bad.", "", None),
    ],
)
def test_who_says_i_is_the_author(text, byline, name):
    cast = read_cast(text, names=load_index(), byline=byline)
    assert cast.resolve("I", text.index("I saw")).name == name


@pytest.mark.parametrize(
    ("dateline", "text", "mention", "country"),
    [
        # a minister whose paper writes most about another state is of the dateline's, in all his words
        (
            "LONDON",
            "The fisheries minister, Ilse Toran, spoke. Norway paid. “Norway left,” Toran said.",
            "Toran said",
            "GBR",
        ),
        ("LONDON", "The fisheries minister, Ilse Toran, spoke. Norway paid. Norway left.", "Ilse Toran", "GBR"),
        # a city in which many states meet is nobody's
        ("BRUSSELS", "Chairwoman Ilse Toran spoke of Norway. Norway paid. Norway left.", "Ilse Toran", None),
        ("MUNICH", "A police officer spoke.", "A police officer", "DEU"),
    ],
)
def test_the_dateline_comes_before_what_is_named_most(dateline, text, mention, country):
    cast = read_cast(text, names=load_index(), dateline=dateline)
    assert cast.resolve(mention.removesuffix(" said"), text.index(mention)).country == country
