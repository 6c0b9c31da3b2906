import itertools

import numpy as np
import pytest

from diplotext.quotes.decoding import TAGS, decode
from diplotext.quotes.linking import find_nearest, measure

MOVES = np.array([[0.0 if not (b[0] == "I" and a[1:] != b[1:]) else -1e4 for b in TAGS] for a in TAGS])


@pytest.mark.parametrize("seed", range(6))
def test_the_best_path_is_the_best_of_all(seed):
    rng = np.random.default_rng(seed)
    emissions, moves = rng.normal(size=(4, 7)), rng.normal(size=(7, 7)) + MOVES

    def score(path):
        return sum(emissions[i, t] for i, t in enumerate(path)) + sum(moves[a, b] for a, b in itertools.pairwise(path))

    best = max(itertools.product(range(7), repeat=4), key=score)
    begins = [i for i, t in enumerate(best) if t % 2 or (t and (i == 0 or best[i - 1] == 0))]
    chunks = decode(emissions, moves)
    assert [c.first for c in chunks] == begins
    assert all(0 < c.certainty <= 1 for c in chunks)


def test_chunks_end_where_the_tags_do():
    tags = [5, 6, 3, 0, 1, 2, 1, 2]
    emissions = np.full((len(tags), 7), -9.0)
    emissions[np.arange(len(tags)), tags] = 9.0
    found = [chunk[:3] for chunk in decode(emissions, MOVES)]
    assert found == [("source", 0, 2), ("cue", 2, 3), ("content", 4, 6), ("content", 6, 8)]
    assert decode(np.zeros((0, 7)), MOVES) == []


def test_nearness_counts_pieces_heads_lines_and_sentences():
    lines, stops = np.repeat([0, 1], 10), np.repeat([0, 1, 2, 2], 5)
    near = measure([(6, 8)], [(0, 2), (4, 6), (9, 10), (15, 16)], lines, stops)
    assert near[0].tolist() == [[4, 1, 0, 1], [0, 0, 0, 1], [13, 5, 0, 0], [17, 6, 1, 1]]
    assert measure([], [(0, 1)], lines, stops).shape == (0, 1, 4)


def test_a_chunk_points_no_further_than_links_are_ever_found():
    heads = [(10 * n, 10 * n + 2) for n in range(1, 31)]
    assert find_nearest([(5, 7), (155, 160), (400, 401)], heads).tolist() == [
        [-1, -1, -1, -1, -1, 0, 1, 2, 3, 4],
        [10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
        [25, 26, 27, 28, 29, -1, -1, -1, -1, -1],
    ]
    assert find_nearest([(5, 7)], []).tolist() == [[-1] * 10]
    assert find_nearest([], heads).shape == (0, 10)


def test_nearness_of_some_heads_is_theirs_among_all():
    lines = stops = np.arange(100) // 10
    heads = [(n, n + 2) for n in range(0, 90, 9)]
    which = find_nearest([(44, 46)], heads)
    every = measure([(44, 46)], heads, lines, stops)
    assert measure([(44, 46)], heads, lines, stops, which)[0].tolist() == every[0, which[0]].tolist()
