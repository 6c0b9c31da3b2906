"""Training of the attribution engine."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from diplotext.encoder.pieces import cut_windows, load_tokenizer
from diplotext.encoder.session import CONTEXT, MARGIN, WINDOW
from diplotext.quotes.decoding import decode
from diplotext.quotes.linking import measure
from diplotext.quotes.network import HEAD_OF
from diplotext.training.data import Batch, Chunk, Document, iterate_batches, read_documents, stack
from diplotext.training.model import AttributionModel, pool
from diplotext.training.package import describe_data, package_weights, write_record
from diplotext.training.steps import Steps, halve_precision

#: what is trained with; every key can be changed for a trial, and the card tells what was.
SETTINGS: dict[str, Any] = {
    "seed": 7, "epochs": 10, "window": 256, "batch": 24, "rate": 5e-4, "head_rate": 3e-3, "layer_decay": 0.9,
    "warmup": 0.06, "weight_decay": 0.01, "dropout": 0.1, "masked": 0.05, "one_line": 0.3, "straight": 0.15,
    "caseless": 0.05, "link": 0.5, "average": 0.995, "freeze_words": True,
}  # fmt: skip
#: articles kept aside for choosing between trials.
ASIDE = 84


def split_articles(names: Sequence[str], seed: int = 7) -> tuple[set[str], set[str]]:
    """Return the names of articles to train on, and of the 84 kept aside."""
    shuffled = sorted(set(names))
    random.Random(seed).shuffle(shuffled)
    return set(shuffled[ASIDE:]), set(shuffled[:ASIDE])


class Trainer:
    """One trial: its model, optimiser and random numbers; resumes where its folder's checkpoint ends."""

    def __init__(self, base: Path, out: Path, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.out = out
        torch.manual_seed(settings["seed"])
        self.rng = np.random.default_rng(settings["seed"])
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.tokenizer = load_tokenizer(base)
        self.mask = self.tokenizer.token_to_id("[MASK]")
        self.model = AttributionModel(base).to(self.device)
        for module in self.model.modules():
            if isinstance(module, nn.Dropout):
                module.p = settings["dropout"]
        if settings["freeze_words"]:
            self.model.bert.embeddings.word_embeddings.weight.requires_grad_(False)
        self.steps = Steps(self.model, settings)

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return the tagger's and the linkers' loss per word piece of one batch."""
        inputs = {name: value.to(self.device) for name, value in batch.inputs.items()}
        if self.settings["masked"]:
            chosen = torch.rand(inputs["ids"].shape, device=self.device) < self.settings["masked"]
            inputs["ids"] = torch.where(chosen & (inputs["shape"] > 0), self.mask, inputs["ids"])
        if self.settings["caseless"]:
            plain = torch.rand(len(inputs["ids"]), 1, device=self.device) < self.settings["caseless"]
            cased = (inputs["shape"] > 1) & (inputs["shape"] < 6)
            inputs["shape"] = torch.where(plain & cased, 1, inputs["shape"])
        with halve_precision(self.device):
            emissions, states = self.model(**inputs)
        emissions, states = emissions.float()[:, 1:-1], states.float()[:, 1:-1]
        tags, lengths = batch.tags.to(self.device), batch.lengths.to(self.device)
        total = lengths.sum()
        linked = emissions.new_zeros(())
        for state, lines, chunks in zip(states, batch.lines, batch.chunks, strict=True):
            for role in HEAD_OF:
                linked = linked + self._link_loss(state, lines, chunks, role)
        return self.model.crf.loss(emissions, tags, lengths) / total, linked / total

    def _score_links(
        self, state: Tensor, lines: np.ndarray, chunks: list[Chunk], role: str
    ) -> tuple[list[Chunk], list[Chunk], Tensor]:
        """Return the chunks of a role, those that they may point to, and the pointer's scores of each pair."""
        children, heads = ([c for c in chunks if c.role == name] for name in (role, HEAD_OF[role]))
        places = [(c.first, c.last) for c in children], [(c.first, c.last) for c in heads]
        near = torch.from_numpy(measure(*places, lines, lines)).to(self.device)  # the pointer takes no sentence ends
        scores = self.model.linkers[HEAD_OF[role]](pool(state, places[0]), pool(state, places[1]), near)
        return children, heads, scores

    def _link_loss(self, state: Tensor, lines: np.ndarray, chunks: list[Chunk], role: str) -> Tensor:
        if not any(c.role == role for c in chunks):
            return state.new_zeros(())
        children, heads, scores = self._score_links(state, lines, chunks, role)
        # A chunk shared by several statements may point to any of theirs; one without a head points to none.
        place: dict[tuple[int, int], set[int]] = {}
        for child in children:
            place.setdefault((child.first, child.last), set()).add(child.statement)
        gold = torch.full_like(scores, -1e4)
        for i, child in enumerate(children):
            own = place[(child.first, child.last)]
            right = [j for j, head in enumerate(heads) if head.statement in own]
            gold[i, [j + 1 for j in right] or [0]] = 0.0
        return (torch.logsumexp(scores, 1) - torch.logsumexp(scores + gold, 1)).sum()

    def update(self, batch: Batch, share: float) -> tuple[float, float]:
        """Take one step; `share` of the whole way is done."""
        tagging, linking = self.loss(batch)
        self.steps.take(tagging + self.settings["link"] * linking, share)
        return float(tagging.detach()), float(linking.detach())

    @torch.no_grad()
    def read(self, document: Document) -> tuple[Tensor, Tensor]:
        """Return emissions and states of a whole document, stitched from the windows that inference uses."""
        parts = cut_windows(document.pieces.place, WINDOW, CONTEXT, MARGIN)
        batch = stack([(document, low, high) for low, high, _, _ in parts], self.tokenizer)
        inputs = {name: value.to(self.device) for name, value in batch.inputs.items()}
        with halve_precision(self.device):
            both = self.model(**inputs)
        emissions, states = (
            torch.cat([f[i, 1 + a - low : 1 + b - low] for i, (low, _, a, b) in enumerate(parts)]).float() for f in both
        )
        return emissions, states

    @torch.no_grad()
    def evaluate(self, documents: Sequence[Document]) -> dict[str, float]:
        """Score chunks (exact, in word pieces) and, between gold chunks, links."""
        self.model.eval()
        counts: dict[str, list[int]] = {role: [0, 0, 0] for role in ("source", "cue", "content")}
        links = {head: [0, 0] for head in HEAD_OF.values()}
        moves = (self.model.crf.transitions + self.model.crf.barrier).cpu().numpy()
        for document in documents:
            emissions, states = self.read(document)
            found = {chunk[:3] for chunk in decode(emissions.cpu().numpy(), moves)}
            gold = {(c.role, c.first, c.last) for c in document.chunks}
            for role, count in counts.items():
                ours, theirs = ({c for c in side if c[0] == role} for side in (found, gold))
                for i, number in enumerate((len(ours & theirs), len(ours), len(theirs))):
                    count[i] += number
            for role, head_role in HEAD_OF.items():
                children, heads, scores = self._score_links(states, document.lines, document.chunks, role)
                if children and heads:
                    best = scores[:, 1:].argmax(1).tolist()
                    right = (heads[b].statement == c.statement for b, c in zip(best, children, strict=True))
                    links[head_role][0] += sum(right)
                    links[head_role][1] += len(children)
        self.model.train()
        scores_ = {role: 2 * hit / max(ours + theirs, 1) for role, (hit, ours, theirs) in counts.items()}
        scores_ |= {f"{head}_link": right / max(n, 1) for head, (right, n) in links.items()}
        return {name: round(score, 4) for name, score in scores_.items()}

    def save(self, epoch: int) -> None:
        """Write the checkpoint that a later run of the same trial resumes."""
        torch.save(
            {"model": self.model.state_dict(), "average": self.steps.average, "step": self.steps.count,
             "optimizer": self.steps.optimizer.state_dict(), "epoch": epoch, "rng": self.rng.bit_generator.state,
             "torch": torch.get_rng_state()},
            self.out / "checkpoint.pt.part",
        )  # fmt: skip
        (self.out / "checkpoint.pt.part").replace(self.out / "checkpoint.pt")

    def resume(self) -> int:
        """Take up the checkpoint if there is one; returns the epochs done."""
        path = self.out / "checkpoint.pt"
        if not path.exists():
            return 0
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.steps.optimizer.load_state_dict(state["optimizer"])
        self.steps.average, self.steps.count = state["average"], state["step"]
        self.rng.bit_generator.state = state["rng"]
        torch.set_rng_state(state["torch"].cpu())
        return int(state["epoch"])


def train_attribution(
    data: Path, base: Path, out: Path, *, settings: dict[str, Any] | None = None, articles: int | None = None
) -> None:
    """Train the attribution engine and write its weights into a folder; a second run resumes an interrupted one.

    Needs the extra ``diplotext[training]``; uses a GPU where torch finds one.

    Parameters
    ----------
    data
        Folder in PolNeAR's form; 84 of its articles are kept aside for choosing and for fitting confidences.
    base
        Folder of the model to begin from: ``config.json``, ``model.safetensors``, ``tokenizer.json``.
    out
        Gets ``model.onnx``, ``heads.npz``, ``tokenizer.json``, ``training.json``, ``log.jsonl`` and a checkpoint.
    settings
        What to change of `SETTINGS`.
    articles
        Train on so many articles only, for a trial.
    """
    chosen = SETTINGS | (settings or {})
    out.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(base, out, chosen)
    documents = read_documents(data, trainer.tokenizer)
    train, aside = split_articles([versions[0].name for versions in documents])
    if articles:
        train = set(sorted(train)[:articles])
    training = [versions for versions in documents if versions[0].name in train]
    first = {versions[0].name: versions[0] for versions in reversed(documents)}
    held = [first[name] for name in sorted(aside)]
    done = trainer.resume()
    start = time.monotonic()
    for epoch in range(done, chosen["epochs"]):
        drawn = trainer.rng.random(len(training))
        versions = [
            v[1] if u < chosen["one_line"] else v[2] if u < chosen["one_line"] + chosen["straight"] else v[0]
            for u, v in zip(drawn, training, strict=True)
        ]
        batches = list(
            iterate_batches(versions, trainer.tokenizer, window=chosen["window"], size=chosen["batch"], rng=trainer.rng)
        )
        trainer.model.train()
        losses = []
        for number, batch in enumerate(tqdm(batches, desc=f"epoch {epoch + 1}", unit="batch", mininterval=20)):
            losses.append(trainer.update(batch, (epoch + number / len(batches)) / chosen["epochs"]))
        trainer.save(epoch + 1)
        if (epoch + 1) % 2 and epoch + 1 < chosen["epochs"]:
            continue
        scores = trainer.evaluate(held)
        kept = {k: v.clone() for k, v in trainer.model.state_dict().items()}
        trainer.model.load_state_dict(trainer.steps.average)
        averaged = trainer.evaluate(held)
        trainer.model.load_state_dict(kept)
        line = {"epoch": epoch + 1, "loss": [round(float(x), 4) for x in np.mean(losses, 0)], "held": scores,
                "average": averaged, "seconds": round(time.monotonic() - start)}  # fmt: skip
        with (out / "log.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")
        tqdm.write(json.dumps(line))
    trainer.model.load_state_dict(trainer.steps.average)
    package_weights(trainer.model, base, data, aside, out)
    write_record(out, {"settings": chosen, "articles": len(train), "held": len(aside), "data": describe_data(data)})
