"""Training, on a network of a few thousand weights; skipped where the extra ``diplotext[training]`` is missing."""

import itertools
import json
import shutil
from importlib.resources import files

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("onnx")

from transformers import BertConfig, BertModel  # noqa: E402

from diplotext.encoder import Encoder  # noqa: E402
from diplotext.encoder.statements import Cut  # noqa: E402
from diplotext.quotes.decoding import decode  # noqa: E402
from diplotext.quotes.linking import TRAITS, measure  # noqa: E402
from diplotext.quotes.linking import Linker as PlainLinker  # noqa: E402
from diplotext.quotes.network import Network  # noqa: E402
from diplotext.training import attribution  # noqa: E402
from diplotext.training.data import iterate_batches, read_documents  # noqa: E402
from diplotext.training.export import export_graph, export_heads  # noqa: E402
from diplotext.training.model import AttributionModel, Chain, Linker  # noqa: E402

TOKENIZER = files("diplotext") / "resources" / "attribution" / "tokenizer.json"
SENTENCE = "Envoy {} said on Monday that the pass was closed. “We wait,” added the minister.\nNobody came."
SMALL = {"epochs": 2, "window": 32, "batch": 4, "dropout": 0.0, "masked": 0.0, "freeze_words": False}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    torch.manual_seed(0)
    config = BertConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    shutil.copy(str(TOKENIZER), folder / "tokenizer.json")
    return folder


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Ninety articles in PolNeAR's form: 84 are kept aside, 6 are trained on; one has two annotators."""
    folder = tmp_path_factory.mktemp("corpus")
    for part in ("text", "attributions"):
        (folder / part).mkdir()
    for n in range(90):
        text = SENTENCE.format(n)
        (folder / "text" / f"a{n:02}.txt").write_text(text, "utf-8")
        shift = len(str(n)) - 1
        brat = (
            f"T1\tSource 0 {7 + shift}\tx\nT2\tCue {8 + shift} {12 + shift}\tx\n"
            f"T3\tContent {23 + shift} {47 + shift}\tx\n"
            f"E1\tAttribution:T2 Source:T1 Cue:T2 Content:T3\n"
        )
        for annotator in ("anna", "bert")[: 1 + (n == 3)]:
            (folder / "attributions" / f"a{n:02}_{annotator}.ann").write_text(brat, "utf-8")
    return folder


@pytest.fixture
def tokenizer(base):
    return attribution.Trainer(base, base, attribution.SETTINGS).tokenizer


def test_the_chain_sums_over_every_path():
    torch.manual_seed(1)
    chain = Chain(7)
    chain.transitions.data.normal_()
    emissions, lengths = torch.randn(2, 4, 7), torch.tensor([4, 2])
    tags = torch.tensor([[1, 2, 2, 0], [3, 4, 0, 0]])
    moves = (chain.transitions + chain.barrier).detach()

    def score(row, path):
        return sum(emissions[row, i, t] for i, t in enumerate(path)) + sum(
            moves[a, b] for a, b in itertools.pairwise(path)
        )

    wanted = 0.0
    for row, length in enumerate(lengths.tolist()):
        paths = itertools.product(range(7), repeat=length)
        total = torch.logsumexp(torch.stack([score(row, path) for path in paths]), 0)
        wanted += float(total - score(row, tags[row, :length].tolist()))
    assert chain.loss(emissions, tags, lengths).item() == pytest.approx(wanted, rel=1e-4)


def test_documents_hold_every_version_and_annotator(corpus, tokenizer):
    documents = read_documents(corpus, tokenizer)
    assert len(documents) == 91
    plain, one_line, straight = documents[7]
    assert [(c.role, c.statement) for c in plain.chunks] == [("source", 0), ("cue", 0), ("content", 0)]
    assert plain.chunks == one_line.chunks == straight.chunks
    assert plain.lines[-1] == 1
    assert one_line.lines[-1] == 0
    assert (plain.pieces.ids != straight.pieces.ids).sum() == 2


def test_windows_keep_tags_and_chunks_together(corpus, tokenizer):
    documents = [versions[0] for versions in read_documents(corpus, tokenizer)[:9]]
    seen = 0
    for batch in iterate_batches(documents, tokenizer, window=16, size=3, rng=np.random.default_rng(0)):
        assert batch.inputs["ids"].shape == (len(batch.lengths), batch.tags.shape[1] + 2)
        for tags, chunks in zip(batch.tags, batch.chunks, strict=True):
            inside = {n for c in chunks for n in range(c.first, c.last)}
            assert {int(n) for n in torch.nonzero(tags)[:, 0]} == inside
        seen += int(batch.lengths.sum())
    assert 0.7 * sum(len(d.pieces) for d in documents) < seen <= sum(len(d.pieces) for d in documents)


def test_the_shipped_linker_repeats_the_trained_one():
    torch.manual_seed(2)
    linker = Linker(8)
    linker.gap.data.normal_()
    children, heads = torch.randn(3, 24), torch.randn(4, 24)
    zeros = np.zeros(50, np.int64)
    near = measure([(0, 2), (9, 12), (30, 31)], [(3, 4), (5, 8), (14, 15), (40, 41)], zeros, zeros)
    wanted = linker(children, heads, torch.from_numpy(near)).softmax(1).detach().numpy()
    weights = {k: v.numpy() for k, v in linker.state_dict().items()} | {"ranking": np.eye(TRAITS)[0]}
    every = np.tile(np.arange(4), (3, 1))
    found = PlainLinker(weights).score(children.numpy(), heads.numpy(), every, near)
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_the_exported_graph_repeats_the_network(base, tmp_path):
    torch.manual_seed(3)
    model = AttributionModel(base).eval()
    shutil.copy(str(TOKENIZER), tmp_path / "tokenizer.json")
    export_graph(model, tmp_path / "model.onnx", quantize=False)
    reading = Encoder(tmp_path).read("“We wait,” said the envoy.", [(0, 10)])
    inputs = {name: torch.from_numpy(np.concatenate([[a], getattr(reading.pieces, name), [b]]))[None]
              for name, a, b in (("ids", 101, 102), ("shape", 0, 0), ("mark", 0, 0), ("place", 0, 0))}  # fmt: skip
    with torch.no_grad():
        emissions, states = model(**inputs, mask=torch.ones_like(inputs["ids"]))
    np.testing.assert_allclose(reading.emissions, emissions[0, 1:-1].numpy(), atol=1e-4)
    np.testing.assert_allclose(reading.states, states[0, 1:-1].numpy(), atol=1e-4)
    assert decode(reading.emissions, export_heads(model)["moves"]) is not None


def test_training_writes_weights_that_run_and_resumes_where_it_stopped(base, corpus, tmp_path, monkeypatch):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    attribution.train_attribution(corpus, base, whole, settings=SMALL)
    save = attribution.Trainer.save

    def save_and_stop(trainer, epoch):
        save(trainer, epoch)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(attribution.Trainer, "save", save_and_stop)
        with pytest.raises(KeyboardInterrupt):
            attribution.train_attribution(corpus, base, broken, settings=SMALL)
    attribution.train_attribution(corpus, base, broken, settings=SMALL)
    record = json.loads((whole / "training.json").read_text("utf-8"))
    assert (record["articles"], record["held"]) == (6, 84)
    assert record["data"]["files"] == 181
    states = [torch.load(folder / "checkpoint.pt", weights_only=False)["model"] for folder in (whole, broken)]
    assert all(torch.allclose(states[0][name], states[1][name], atol=1e-5) for name in states[0])
    assert isinstance(Network(whole).read(SENTENCE.format(1), []), list)


@pytest.fixture
def sentences(tmp_path):
    """A few rows of each corpus that the network of statements learns from."""
    import pandas as pd

    for name in ("newsmtsc", "plover", "unscon"):
        (tmp_path / name).mkdir()
    rows = [
        {
            "mention": "Toran",
            "polarity": n % 3 - 1,
            "from": 0,
            "to": 5,
            "sentence": f"Toran is number {n}.",
            "id": f"x_{n}_{n}_0",
        }
        for n in range(24)
    ]
    (tmp_path / "newsmtsc" / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    pd.DataFrame(
        [{"sentence": f"Marvania met Lethia {n}.", "marked_sentence": f"<s>Marvania</s> met <t>Lethia</t> {n}.",
          "source": "Marvania", "target": "Lethia", "gold_root": ("CONSULT", "AID")[n % 2], "gold_penta": "1"}
         for n in range(24)]
    ).to_csv(tmp_path / "plover" / "PLV_train.tsv", sep="\t")  # fmt: skip
    pd.DataFrame(
        [{"file_id": f"UNSC_201{n % 4}_SPV.1_spch00{n}_Lethia_01.txt", "sentence_text": f"We object {n}.",
          "A0": ("_", "Challenge")[n // 4 % 2], "B1": "_"} for n in range(24)]
    ).to_csv(tmp_path / "unscon" / "sentences.csv", index=False)  # fmt: skip
    return tmp_path


def test_the_network_of_statements_is_trained_scored_and_resumed(sentences, base, tmp_path, capsys):
    from diplotext.cli import main
    from diplotext.encoder import Statement, load_vectors
    from diplotext.stance.classifiers import load_head
    from diplotext.training.stance import train_stance

    out = tmp_path / "out"
    train_stance([sentences], base, out, settings={"epochs": 1, "batch": 4})
    scores = json.loads((out / "scores.json").read_text("utf-8"))
    assert {"root, plover, bare", "conflict, unscon, bare"} <= set(scores)
    assert scores["conflict, unscon, bare"]["macro_f1"]["n"] == 6  # one debate of four was kept aside
    record = json.loads((out / "training.json").read_text("utf-8"))
    assert record["rows"] == {"newsmtsc": 24, "plover": 24, "unscon": 24}
    vectors = load_vectors(out).read([Statement("Toran left.", "Toran"), Statement("Toran left.")])
    assert vectors.shape == (2, 48)
    assert not np.allclose(vectors[0], vectors[1])
    assert load_head("root", out).rate(vectors).shape == (2, 2)
    before = (out / "checkpoint.pt").stat().st_mtime_ns
    train_stance([sentences], base, out, settings={"epochs": 1, "batch": 4})
    assert (out / "checkpoint.pt").stat().st_mtime_ns == before
    (tmp_path / "none").mkdir()
    arguments = ["train", "stance", "--data", str(tmp_path / "none"), "--base", str(base), "--out", str(out)]
    assert main(arguments) == 1
    assert "expected one of newsmtsc/train.jsonl" in capsys.readouterr().err


@pytest.fixture
def statements(tmp_path):
    """Statements of ours about two invented states, one of them aimed at nobody."""
    import pandas as pd

    rows = [
        {"speaker": "Marvania", "cue": "said", "text": f"Lethia has broken treaty {n}, and Marvania knows.",
         "target": "Lethia", "target_kind": "actor", "stance": "oppose", "posture": "accuse", "conditional": "false",
         "mode": "actual", "imposes": "target", "world": "AB"[n % 2], "neighbours": "", "phrase": "has broken"}
        for n in range(6)
    ]  # fmt: skip
    nobody = {"text": "It rained on Marvania.", "target": "", "target_kind": "", "stance": "", "posture": "state"}
    rows += [{**rows[0], **nobody, "imposes": "none"}, {**rows[0], "text": "We thank Marvania.", "target": "Marvania"}]
    pd.DataFrame(rows).to_csv(tmp_path / "statements.csv", index=False)
    return tmp_path


def read_cases(folder, base):
    from diplotext.encoder.pieces import load_tokenizer
    from diplotext.training.cases import cut_corpora, read_corpora

    corpora = read_corpora([folder])
    return corpora, cut_corpora(corpora, load_tokenizer(base), frozenset())


def test_statements_are_shown_in_their_sentence_and_bare_with_targets_tagged(statements, base):
    from diplotext.encoder.statements import PARTS, TARGET_TAGS
    from diplotext.training.cases import SHOWN, UNKNOWN

    corpora, cases = read_cases(statements, base)
    first = [case for case in cases if case.row == 0]
    assert [SHOWN[case.shown] for case in first] == ["open", "bare", "marked", "bare marked"]
    opened, bare, marked, _ = first
    known = opened.tags[opened.tags != UNKNOWN]
    assert {TARGET_TAGS[n] for n in known} == {"O", "B-main", "I-main"}
    assert (bare.tags == UNKNOWN).all()
    assert opened.places[0][1] - opened.places[0][0] == (known > 0).sum()
    stance = list(corpora.classes).index("stance")
    assert [case.labels[stance] >= 0 for case in first] == [False, False, True, True]
    assert (marked.cut.part == PARTS.index("target")).any()
    assert not (opened.cut.part == PARTS.index("target")).any()
    assert [len([c for c in cases if c.row == n]) for n in (6, 7)] == [2, 4]


def test_an_epoch_shows_each_statement_once_and_in_turn_otherwise(statements, base):
    from diplotext.training.stance import SETTINGS, Learner

    corpora, cases = read_cases(statements, base)
    learner = Learner(base, corpora.classes, SETTINGS | {"repeat": dict.fromkeys(SETTINGS["repeat"], 1)})
    shown = np.zeros(4)
    for _ in range(200):
        picked = [cases[i] for i in np.concatenate(learner.batches(cases, np.arange(len(cases))))]
        assert sorted(case.row for case in picked) == list(range(8))
        shown[next(case.shown for case in picked if case.row == 0)] += 1
    assert 0.45 < shown[0] / shown.sum() < 0.75
    assert (shown > 0).all()


@pytest.mark.parametrize("name", ["attribution", "stance"])
def test_shipped_matrices_have_seven_bits(name):
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(files("diplotext") / "resources" / name / "model.onnx")).graph
    stored = {tensor.name: tensor for tensor in graph.initializer}
    matrices = [numpy_helper.to_array(stored[n.input[1]]) for n in graph.node if n.op_type == "MatMulInteger"]
    assert len(matrices) > 30
    # 255 · 64 · 2 fits in sixteen bits: processors without VNNI add pairs of products there
    assert all(matrix.dtype == np.int8 and np.abs(matrix.astype(int)).max() <= 64 for matrix in matrices)


@pytest.fixture
def labelled(tmp_path):
    """Twelve written statements of three worlds, and a document with one labelled sentence and two unlabelled ones."""
    import pandas as pd

    told = [("We condemn the blockade of Toran.", "criticise"), ("Toran may send its envoy.", "offer_talks")]
    pd.DataFrame(
        [{"text": f"{text[:-1]} {n}.", "target": "Toran", "target_kind": "actor", "speaker": "Lethia", "cue": "said",
          "stance": "oppose", "posture": posture, "conditional": "false", "mode": "actual", "imposes": "none",
          "neighbours": "", "phrase": "", "world": "ABC"[n % 3]}
         for n in range(12) for text, posture in told[n % 2 : n % 2 + 1]]
    ).to_csv(tmp_path / "statements.csv", index=False)  # fmt: skip
    (tmp_path / "whitehouse").mkdir()
    first = "The envoy of Toran must leave the harbour at once."
    text = f"{first} Nobody knows how long the boats will wait. The harbour master keeps the list of names."
    (tmp_path / "whitehouse" / "one.md").write_text(text, "utf-8")
    pd.DataFrame(
        [{"corpus": "whitehouse", "document": "one.md", "start": 0, "end": len(first), "speaker": "Lethia",
          "target": "Toran", "target_kind": "actor", "target_start": 13, "target_end": 18, "stance": "oppose",
          "posture": "demand", "conditional": "false", "mode": "actual", "imposes": "none", "main": "true"}]
    ).to_csv(tmp_path / "coded.csv", index=False)  # fmt: skip
    return tmp_path


def test_what_nobody_labelled_is_read_too(labelled):
    from diplotext.training.cases import read_corpora

    assert "unlabelled" not in read_corpora([labelled]).statements
    found = read_corpora([labelled], frozenset()).statements["unlabelled"]
    said = [s.statement.text[a:b] for s in found for role, a, b in s.statement.spans if role == "content"]
    assert said == [
        "Nobody knows how long the boats will wait.", "The harbour master keeps the list of names.",
    ]  # fmt: skip
    assert not read_corpora([labelled], frozenset(["whitehouse/one.md"])).statements["unlabelled"]


def test_a_network_learns_from_a_larger_one(labelled, base, tmp_path):
    from diplotext.training.stance import TEACHER, train_stance

    large = tmp_path / "large"
    BertModel(
        BertConfig(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32),
        add_pooling_layer=False,
    ).save_pretrained(large)
    shutil.copy(str(TOKENIZER), large / "tokenizer.json")
    out = tmp_path / "out"
    train_stance([labelled], base, out, teacher=large, settings={"epochs": 1, "batch": 4})
    assert json.loads((out / "training.json").read_text("utf-8"))["teacher"] == TEACHER
    kept = torch.load(out / "teacher" / "readings.pt", weights_only=True)
    assert len(kept) == 8 + 1 + 2  # written statements that are not kept aside, the labelled one, the unlabelled ones
    tags, _, places, stance, kind = kept[0]
    assert tags.float().sum(-1).numpy() == pytest.approx(1, abs=0.01)
    assert len(places) == len(stance) == len(kind)


def test_what_imitates_its_teacher_loses_least():
    from diplotext.training.cases import Case, Taught
    from diplotext.training.coded import WHOLE
    from diplotext.training.distil import imitate

    torch.manual_seed(3)
    heads = torch.nn.ModuleDict({task: torch.nn.Linear(6, 2) for task in (*WHOLE, "stance", "kind")})
    whole, places, scores = torch.randn(1, 6), torch.randn(2, 6), torch.randn(1, 3, 5)
    parts = {task: heads[task](whole).softmax(-1).detach().numpy() for task in WHOLE}
    taught = Taught(
        scores[0].softmax(-1).numpy(), np.concatenate(list(parts.values()), 1), np.array([(0, 1), (1, 2)]),
        *(heads[task](places).softmax(-1).detach().numpy() for task in ("stance", "kind")),
    )  # fmt: skip
    cut = Cut(*(np.arange(3) for _ in range(5)))
    batch = [Case(cut, np.zeros(3), (), (), 0, 0, 0, False, taught)]
    least = imitate(scores, heads, whole, places, batch, 1.0)
    assert imitate(scores + torch.randn(1, 3, 5), heads, whole, places, batch, 1.0) > least
    assert imitate(scores, heads, whole + 1, places, batch, 1.0) > least
    assert imitate(scores, heads, whole, -places, batch, 1.0) > least
