"""Whether time grows with the length of a text and not with its square; run with ``pytest tests/benchmarks``."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable

import numpy as np
import pytest

from diplotext.clean import clean_text
from diplotext.encoder import find_weights
from diplotext.encoder.pieces import cut_pieces, cut_windows, load_tokenizer
from diplotext.language import find_quotations
from diplotext.quotes import linking
from diplotext.quotes.table import attribute_text
from diplotext.structure import outline_text

#: ten times the input takes at most so many times as long.
_MOST = 13
SENTENCE = "The ministry of Marvania said on Monday that the gate would stay closed. "
TEXTS = {
    "sentences": SENTENCE,
    "quotations": "“We will close the gate,” Foreign Minister Ilse Toran said on Monday. ",
    "quoted paragraphs": "“We will close the gate on Monday.”\n\n",
    "lines of dashes": "-----------\n",
    "one line of dashes": "-",
    "quote marks": "“",
    "straight marks": '"',
    "turns": "MR. KULL: No. We stay.\n\n",
    "dashes": "— Will you go?\n\n— No. We stay.\n\n",
    "white space": " \t",
}


def _measure(work: Callable[[str], object], text: str) -> float:
    """Return the least of three times of the processor, without the collector of garbage, as `timeit` measures."""
    times = []
    for _ in range(3):
        gc.collect()
        gc.disable()
        try:
            began = time.process_time()
            work(text)
            times.append(time.process_time() - began)
        finally:
            gc.enable()
    return min(times)


def _check(work: Callable[[str], object], piece: str, size: int) -> None:
    work(piece)  # what is loaded on first use
    short, long = (_measure(work, piece * (n // len(piece))) for n in (size, 10 * size))
    assert long <= _MOST * max(short, 0.02), f"{long / short:.1f} times"  # shorter times are noise


@pytest.mark.parametrize("name", TEXTS)
def test_cleaning_and_outline_grow_with_the_text(name: str) -> None:
    _check(clean_text, TEXTS[name], 50_000)
    _check(lambda text: outline_text(text, None), TEXTS[name], 50_000)


@pytest.mark.parametrize("name", TEXTS)
def test_marks_and_word_pieces_grow_with_the_text(name: str) -> None:
    tokenizer = load_tokenizer(find_weights("attribution"))

    def cut(text: str) -> None:
        pieces = cut_pieces(text, [q[:2] for q in find_quotations(text)], tokenizer)
        cut_windows(pieces.place, 320, 32, 8)

    _check(cut, TEXTS[name], 50_000)


def test_links_take_memory_in_proportion() -> None:
    linker = linking.Linker(
        {"ranking": np.ones(linking.TRAITS)}
        | {f"{n}.weight": np.ones((96, 12)) for n in ("child", "head")}
        | {f"{n}.bias": np.ones(96) for n in ("child", "head")}
        | {"none.weight": np.ones((1, 96)), "none.bias": np.ones(1)}
        | {"gap": np.ones(linking.GAPS), "step": np.ones(linking.STEPS), "line": np.ones(linking.LINES)}
    )
    number = 50_000  # contents, as in a text of some ten million characters
    places = [(10 * n, 10 * n + 3) for n in range(number)]
    lines = np.arange(10 * number + 10) // 100
    which = linking.find_nearest(places, places)
    states = np.ones((number, 12), np.float32)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    scores = linker.score(states, states, which, linking.measure(places, places, lines, lines, which))
    assert scores.shape == (number, 1 + 2 * linking.REACH)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_500_000  # kilobytes


@pytest.mark.parametrize("name", ["sentences", "quotations"])
def test_statements_grow_with_the_text(name: str) -> None:
    _check(lambda text: attribute_text(text, None), TEXTS[name], 20_000)
