import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplotext import schema, spans
from diplotext.spans import Edit, OffsetMap

LETTERS = st.text("abcde .\n“”", max_size=120)


@st.composite
def edited_texts(draw):
    """A raw text and sorted edits of it that do not overlap."""
    raw = draw(LETTERS)
    cuts = sorted(draw(st.lists(st.integers(0, len(raw)), max_size=8, unique=True)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return raw, [Edit(s, e, "rule", draw(st.sampled_from(["", "x", "yz"]))) for s, e in pairs]


@given(edited_texts())
def test_what_is_kept_maps_back_to_the_same_characters(case):
    raw, edits = case
    clean = spans.apply_edits(raw, edits)
    offsets = OffsetMap(edits)
    kept = [i for i in range(len(raw)) if not any(e.raw_start <= i < e.raw_end for e in edits)]
    inside = [i for i in range(len(clean)) if offsets.to_raw(i, i + 1) in {(k, k + 1) for k in kept}]
    assert [clean[i] for i in inside if offsets.to_raw(i, i + 1)[0] in kept] == [raw[k] for k in kept]
    for start, end in ((0, len(clean)), (len(clean) // 3, len(clean) // 2)):
        low, high = offsets.to_raw(start, end)
        assert 0 <= low <= high <= len(raw)


@given(edited_texts())
def test_kept_and_removed_make_the_raw_text(case):
    raw, edits = case
    kept = len(raw) - sum(e.raw_end - e.raw_start for e in edits)
    assert len(spans.apply_edits(raw, edits)) == kept + sum(len(e.replacement) for e in edits)


@pytest.mark.parametrize(
    ("raw", "edits", "surface", "expected"),
    [
        ("to come. . The", [Edit(8, 10, "stop")], "come.", "come."),
        ("to come. . The", [Edit(8, 10, "stop")], "The", "The"),
        ("are. “", [Edit(4, 6, "mark", "”")], "are.”", "are. “"),
        ("are. “", [Edit(4, 6, "mark", "”")], "are.", "are."),
        ("a\nb", [Edit(1, 2, "join", " ")], "a b", "a\nb"),
        ("“A”", [], "A", "A"),
    ],
)
def test_to_raw_is_tight(raw, edits, surface, expected):
    start = spans.apply_edits(raw, edits).index(surface)
    low, high = OffsetMap(edits).to_raw(start, start + len(surface))
    assert raw[low:high] == expected


@pytest.mark.parametrize(
    "edits", [[Edit(0, 3, "r"), Edit(2, 4, "r")], [Edit(4, 5, "r"), Edit(1, 2, "r")], [Edit(3, 9, "r")]]
)
def test_apply_edits_refuses_overlap_disorder_and_overrun(edits):
    with pytest.raises(ValueError, match="expected sorted spans without overlap within 6 characters"):
        spans.apply_edits("abcdef", edits)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("The pass is closed. . It stays so.", "The pass is closed. It stays so."),
        ("one\ntwo three\nfour five six seven", "one two three four five six seven"),
        ("---\ntitle: x\n---\nThe convoy halted at the river.", "The convoy halted at the river."),
        ("The story ends here.\n\nComments are closed.", "The story ends here."),
        ("She left. “ He stayed on for hours.", "She left.” He stayed on for hours."),
        ("", ""),
        ("same", "same"),
    ],
)
def test_recovered_edits_lead_to_the_clean_text(raw, clean):
    assert spans.apply_edits(raw, spans.recover_edits(raw, clean)) == clean


@pytest.mark.parametrize(
    ("raw", "clean", "expected"),
    [
        # a word that the removed dateline and the story share keeps its first letter, as in the recorded edits
        ("OSTREL – Ostrel said", "Ostrel said", [(0, 9, "")]),
        ("Ostrel, Marvania – Ostrel said", "Ostrel said", [(0, 19, "")]),
        ("left. . The", "left. The", [(6, 8, "")]),
        # edits closer to each other than any window of agreement
        ("a\nb  c\nd", "a b c d", [(1, 2, " "), (4, 5, ""), (6, 7, " ")]),
        ("go. “\n\nWe ask all to share this page.", "go. ”", [(4, 5, "”"), (5, 37, "")]),
        ("Share:\n\nâ€œWe go now,â€\x9d she said", "“We go now,” she said", [(0, 8, ""), (8, 11, "“"), (21, 24, "”")]),
        # a title above holds words of the story's first sentence
        ("title: Ilse Toran in Ostrel\n---\nMinister Ilse Toran left.", "Minister Ilse Toran left.", [(0, 32, "")]),
    ],
)  # fmt: skip
def test_recovered_edits_stand_where_a_reader_looks(raw, clean, expected):
    found = spans.recover_edits(raw, clean)
    assert spans.apply_edits(raw, found) == clean
    assert [(e.raw_start, e.raw_end, e.replacement) for e in found] == expected


@given(edited_texts())
def test_recovered_edits_always_lead_to_the_clean_text(case):
    raw, edits = case
    clean = spans.apply_edits(raw, edits)
    assert spans.apply_edits(raw, spans.recover_edits(raw, clean)) == clean


def test_recovering_is_quick_on_a_hostile_line():
    raw = "a “ ”  . \n" * 10_000
    clean = raw.replace("  ", " ")[:-40_000]
    assert spans.apply_edits(raw, spans.recover_edits(raw, clean)) == clean


def test_texts_that_do_not_align_are_refused():
    with pytest.raises(ValueError, match="pass the edits that clean_articles returned"):
        spans.recover_edits("abc", "a completely different and much longer text than the raw one")


def test_offset_maps_ignore_edits_of_other_articles(two_articles):
    edits = schema.build_table(
        "edits",
        [{"article_id": "zz", "raw_start": 0, "raw_end": 2, "start": 0, "end": 0, "rule": "r", "removed": "ab",
          "replacement": ""}],
    )  # fmt: skip
    maps = spans.offset_maps(two_articles, edits)
    assert set(maps) == {"a1", "a2"}
    assert maps["a1"].to_raw(3, 5) == (3, 5)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([(0, 10)], [(0, 10)], 1.0),
        ([(0, 10)], [(10, 20)], 0.0),
        ([(0, 4), (6, 10)], [(0, 10)], 16 / 18),
        ([], [], 0.0),
    ],
)
def test_dice(a, b, expected):
    assert spans.dice(a, b) == pytest.approx(expected)
    assert spans.dice(b, a) == pytest.approx(expected)


def test_short_hash_is_stable_and_separates_its_parts():
    assert spans.short_hash("a", 1) == spans.short_hash("a", "1")
    assert spans.short_hash("ab", "c") != spans.short_hash("a", "bc")
    assert len(spans.short_hash("a")) == 12


@pytest.mark.parametrize(
    ("span", "found"),
    [((0, 4), []), ((0, 5), [4]), ((4, 6), [4]), ((6, 9), [9]), ((7, 9), [9]), ((9, 9), [9]), ((10, 20), [])],
)
def test_edits_within_a_raw_span(span, found):
    edits = [Edit(4, 6, "r"), Edit(9, 9, "r", "”"), Edit(20, 22, "r")]
    assert [edit.raw_start for edit in OffsetMap(edits).edits_within(*span)] == found
