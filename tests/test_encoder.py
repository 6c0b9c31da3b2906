import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplotext import schema
from diplotext.encoder import find_weights, load_encoder, set_threads, write_sums
from diplotext.encoder.pieces import cut_pieces, cut_windows
from diplotext.quotes import attribute_quotes

STORY = (
    "“We will not sign,” Foreign Minister Ilse Toran said on Monday.\n\n"
    "MARVANIA expects 40 envoys, according to the presidency. Toran’s deputy told reporters that the talks had failed."
)


@pytest.fixture(scope="module")
def tokenizer():
    return load_encoder().tokenizer


@given(
    lines=st.lists(st.integers(1, 700), max_size=20), window=st.integers(100, 400), context=st.integers(0, 49),
    margin=st.integers(0, 20),
)  # fmt: skip
def test_windows_answer_for_every_piece_once(lines, window, context, margin):
    place = np.concatenate([np.zeros(0, int), *([4] + [3] * (n - 1) for n in lines)])
    parts = cut_windows(place, window, context, margin)
    length = len(place)
    assert [n for _, _, first, last in parts for n in range(first, last)] == list(range(length))
    for low, high, first, last in parts:
        assert last - first <= window
        assert first - low in (context, first)
        after = margin if last == length or place[last] == 4 else context
        assert high - last in (after, length - last)


def test_pieces_keep_their_place(tokenizer):
    pieces = cut_pieces(STORY, [(0, 19)], tokenizer)
    surfaces = [STORY[s:e] for s, e in zip(pieces.start, pieces.end, strict=True)]
    assert "".join(surfaces) == "".join(STORY.split())
    assert len(pieces.cut(2, 5)) == 3


@pytest.mark.parametrize(
    ("word", "shape"),
    [("toran", 1), ("Toran", 2), ("A", 3), ("NATO", 4), ("40", 6), (",", 7), ("“", 7), ("中", 8)],
)
def test_shapes(tokenizer, word, shape):
    assert cut_pieces(word, [], tokenizer).shape[0] == shape


def test_marks_and_places(tokenizer):
    text = "He said “no more” today.\n  Yes"
    pieces = cut_pieces(text, [(8, 17)], tokenizer)
    rows = {text[s:e]: (m, p) for s, e, m, p in zip(pieces.start, pieces.end, pieces.mark, pieces.place, strict=True)}
    assert rows == {
        "He": (1, 4), "said": (1, 3), "“": (3, 3), "no": (2, 2), "more": (2, 3), "”": (4, 2), "today": (1, 3),
        ".": (1, 2), "Yes": (1, 4),
    }  # fmt: skip


@pytest.mark.parametrize("part", [7, 40])
@given(words=st.lists(st.sampled_from([
    "Toran", " ", "\n", "-", "…", "“", "é", "e\u0301", "[CLS]", "ΑΣ", "中文", "\u200b", "\u00a0", "'", "x" * 90,
]), max_size=60))  # fmt: skip
def test_a_text_read_in_parts_has_the_pieces_of_the_whole(tokenizer, part, words):
    text = "".join(words)
    whole = tokenizer.encode(text, add_special_tokens=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("diplotext.encoder.pieces._PART", part)
        pieces = cut_pieces(text, [], tokenizer)
    assert pieces.ids.tolist() == whole.ids
    assert list(zip(pieces.start.tolist(), pieces.end.tolist(), strict=True)) == whole.offsets


def test_an_empty_text_has_no_pieces():
    reading = load_encoder().read("")
    assert len(reading.pieces) == 0
    assert reading.emissions.shape == (0, 7)


def test_long_texts_are_read_whole_and_alike_everywhere():
    reading = load_encoder().read(STORY * 12)
    assert reading.emissions.shape == (len(reading.pieces), 7)
    size = len(reading.pieces) // 12
    middle = [reading.emissions[k * size : (k + 1) * size].argmax(1) for k in (4, 5, 6, 7)]
    assert np.mean([np.mean(a == middle[0]) for a in middle[1:]]) > 0.85


def test_one_encoder_serves_all_and_threads_can_be_set():
    before = load_encoder()
    assert load_encoder() is before
    tags = before.read(STORY).emissions.argmax(1)
    set_threads(1)
    try:
        assert load_encoder() is not before
        np.testing.assert_array_equal(load_encoder().read(STORY).emissions.argmax(1), tags)
    finally:
        set_threads(0)
    with pytest.raises(ValueError, match="count: expected 0 or more threads; got -1"):
        set_threads(-1)


def test_the_weights_that_ship_are_the_ones_trained():
    for name in ("attribution", "stance"):
        assert (find_weights(name) / "SHA256SUMS").is_file()


@pytest.fixture
def weights(tmp_path):
    """A folder of weights, as `diplotext train` leaves it."""
    (tmp_path / "model.onnx").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "heads.npz").write_bytes(b"heads")
    write_sums(tmp_path, ("model.onnx", "heads.npz"))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("model.onnx", None, r"expected model.onnx in the folder of weights .*; got none. .*diplotext train"),
        ("model.onnx", bytes(range(256)) * 39, r"expected model.onnx as SHA256SUMS has it .*; got 9,984 bytes"),
        ("heads.npz", b"feet", r"expected heads.npz as SHA256SUMS has it .*; got 4 bytes that differ. Install"),
        ("model.onnx", b"version https://git-lfs.github.com/spec/v1\n", r"got a pointer of Git LFS .*git lfs pull"),
        ("SHA256SUMS", None, r"expected SHA256SUMS in the folder of weights .*; got none"),
        ("SHA256SUMS", b"nonsense\n", r"expected lines of a checksum and a name in SHA256SUMS"),
    ],
)
def test_weights_that_are_not_whole_are_refused(weights, name, content, message):
    (weights / name).unlink()
    if content is not None:
        (weights / name).write_bytes(content)
    with pytest.raises((FileNotFoundError, ValueError), match=message):
        load_encoder(weights)


def test_whole_weights_are_found(weights):
    assert find_weights(weights) == weights


def test_results_depend_on_the_article_alone():
    texts = [STORY, STORY * 9, "Toran said the border was closed.", STORY[::-1], "“Never,” said the envoy. " * 40]
    rows = [{"article_id": f"a{n}", "source": "x", "raw_text": t, "text": t} for n, t in enumerate(texts)]
    articles = schema.build_table("articles", rows)
    together = attribute_quotes(articles)
    backwards = attribute_quotes(articles[::-1])
    alone = [attribute_quotes(articles[n : n + 1]) for n in range(len(articles))]
    for table, key in ((0, ["quote_id"]), (1, ["quote_id", "role", "part"])):
        wanted = together[table].sort_values(key).reset_index(drop=True)
        for other in (backwards[table], schema.build_table(wanted.attrs.get("name", ("quotes", "spans")[table]),
                      [row for tables in alone for row in tables[table].to_dict("records")])):  # fmt: skip
            assert other.sort_values(key).reset_index(drop=True).equals(wanted)
