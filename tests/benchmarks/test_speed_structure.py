"""Cost of structure: below a millisecond per article, and linear time whatever the text."""

import time

import pytest

from diplotext.language import find_dates
from diplotext.structure import find_sentences, outline_text

PARAGRAPH = (
    "Foreign Minister Ilse Toran told reporters on Friday that the U.S. side “will not wait forever,” while Lt. Gen. "
    "Max Brandt of Marvania said the forces had left. "
    "The talks, which both governments had put off three times since the "
    "spring, are due on Jan. 9 and 10 in a hotel near the border, where the two presidents last met and where a guard "
    "of honour will wait. “We go,” he said. “Nobody stays behind this time.”"
)
ARTICLE = "Talks fail in Velograd\n\nVELOGRAD, Marvania (MNS) — " + "\n\n".join([PARAGRAPH] * 7)
BRIEFING = "\n\n".join(["MS. MOE:  Good.  We have said so.  (Laughter.)", "Q    Thank you.  Will she go?"] * 40)
UNITS = ["x", "a. ", "“A.” ", "A. . . ", "U.S. ", '"a." ', "He said so. ", "Mr. ", "'.'", "”’", "aB.Cd", " ", "\n",
         "\n \n", "Q ", "MS. MOE: ", "Toran: ", "by ", "Jan. 9 ", "([", "VELOGRAD, ", "said “"]  # fmt: skip


def test_speed_of_an_article(benchmark):
    outline = benchmark(outline_text, ARTICLE)
    assert len(outline.sentences) == 30
    assert benchmark.stats.stats.min < 0.0008


def test_speed_of_a_briefing(benchmark):
    outline = benchmark(outline_text, BRIEFING, "Press Briefing by Press Secretary Ana Moe")
    assert outline.genre == "briefing"


@pytest.mark.parametrize("unit", UNITS)
def test_a_single_line_of_any_kind_is_read_in_linear_time(unit):
    costs = []
    for size in (50_000, 200_000):
        text = unit * (size // len(unit))
        start = time.process_time()
        find_sentences(text)
        outline_text(text, "Press Briefing by Press Secretary Ana Moe")
        costs.append(time.process_time() - start)
    assert costs[1] < max(0.2, 8 * costs[0])


def test_dates_of_a_long_line_are_found_in_linear_time():
    start = time.process_time()
    found = find_dates("On Friday they met. " * 5_000, None)
    assert found == []
    assert time.process_time() - start < 2
