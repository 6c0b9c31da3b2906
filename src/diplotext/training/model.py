"""The networks: one that finds and links statements, and one that turns a statement into a vector."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel, PreTrainedModel

from diplotext.encoder.pieces import MARKS, PLACES, SHAPES, load_tokenizer
from diplotext.encoder.statements import PARTS, TARGET_TAGS
from diplotext.quotes.decoding import TAGS
from diplotext.quotes.linking import GAPS, LINES, STEPS

_LINK = 96


def load_bert(base: str | Path) -> PreTrainedModel:
    """Load a BERT-like model in float32, without dropout in its attention: that is slow and was not worth it."""
    return AutoModel.from_pretrained(base, add_pooling_layer=False, attention_probs_dropout_prob=0.0).float()


class AttributionModel(nn.Module):
    """Emissions per word piece, and scores between the chunks that they make up.

    Parameters
    ----------
    base
        Folder of a BERT-like model: ``config.json`` and ``model.safetensors``.
    """

    def __init__(self, base: str | Path) -> None:
        super().__init__()
        self.bert = load_bert(base)
        width = self.bert.config.hidden_size
        self.traits = nn.ModuleList(nn.Embedding(size, width, padding_idx=0) for size in (SHAPES, MARKS, PLACES))
        for table in self.traits:
            nn.init.normal_(table.weight, std=0.01)
            nn.init.zeros_(table.weight[0])
        self.tagger = nn.Linear(width, len(TAGS))
        self.crf = Chain(len(TAGS))
        self.linkers = nn.ModuleDict({name: Linker(width) for name in ("cue", "source")})

    def forward(self, ids: Tensor, shape: Tensor, mark: Tensor, place: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return emissions (batch, length, 7) and states (batch, length, width); all inputs (batch, length) int64."""
        words = self.bert.embeddings.word_embeddings(ids)
        for table, trait in zip(self.traits, (shape, mark, place), strict=True):
            words = words + table(trait)
        states = self.bert(inputs_embeds=words, attention_mask=mask).last_hidden_state
        return self.tagger(states), states


class Chain(nn.Module):
    """A linear-chain conditional random field without constraints at the ends, for windows that begin anywhere."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(size, size))
        allowed = torch.tensor([[not (b.startswith("I-") and a[1:] != b[1:]) for b in TAGS] for a in TAGS])
        self.register_buffer("barrier", torch.where(allowed, 0.0, -1e4))

    def loss(self, emissions: Tensor, tags: Tensor, lengths: Tensor) -> Tensor:
        """Return the summed negative log likelihood of `tags` (batch, length) over the first `lengths` positions."""
        moves = self.transitions + self.barrier
        place = torch.arange(emissions.shape[1], device=emissions.device)
        valid = place < lengths[:, None]
        score = (emissions.gather(2, tags[..., None])[..., 0] * valid).sum()
        score = score + (moves[tags[:, :-1], tags[:, 1:]] * valid[:, 1:]).sum()
        return self._partition(emissions, moves, valid).sum() - score

    def _partition(self, emissions: Tensor, moves: Tensor, valid: Tensor) -> Tensor:
        """Return log Z by joining neighbouring steps pairwise: about log2(length) matrix products in log space."""
        size = len(moves)
        steps = moves + emissions[:, 1:, None, :]
        still = torch.full((size, size), -1e4, device=emissions.device).fill_diagonal_(0.0)
        steps = torch.where(valid[:, 1:, None, None], steps, still)
        while steps.shape[1] > 1:
            if steps.shape[1] % 2:
                steps = torch.cat([steps, still.expand(len(steps), 1, size, size)], 1)
            left, right = steps[:, ::2], steps[:, 1::2]
            steps = torch.logsumexp(left[..., :, :, None] + right[..., None, :, :], -2)
        return torch.logsumexp(emissions[:, 0, :, None] + steps[:, 0], (1, 2))


class Linker(nn.Module):
    """Scores between chunks: which cue governs this content, which source this cue has."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.child = nn.Linear(3 * width, _LINK)
        self.head = nn.Linear(3 * width, _LINK)
        self.none = nn.Linear(_LINK, 1)
        self.gap = nn.Parameter(torch.zeros(GAPS))
        self.step = nn.Parameter(torch.zeros(STEPS))
        self.line = nn.Parameter(torch.zeros(LINES))

    def forward(self, children: Tensor, heads: Tensor, near: Tensor) -> Tensor:
        """Return scores (children, 1 + heads), the first of no head at all.

        Parameters
        ----------
        children, heads
            First, last and mean state of each chunk side by side, (n, 3 · width) and (m, 3 · width).
        near
            Numbers of gap, step and line as `quotes.linking.measure` gives them, (n, m, 3) int64.
        """
        child = torch.tanh(self.child(children))
        scores = child @ torch.tanh(self.head(heads)).T
        scores = scores + self.gap[near[..., 0]] + self.step[near[..., 1]] + self.line[near[..., 2]]
        return torch.cat([self.none(child), scores], 1)


def pool(states: Tensor, chunks: Sequence[tuple[int, int]]) -> Tensor:
    """Return first, last and mean state of each chunk of one window, shape (len(chunks), 3 · width)."""
    if not chunks:
        return states.new_zeros(0, 3 * states.shape[1])
    return torch.stack([torch.cat([states[s], states[e - 1], states[s:e].mean(0)]) for s, e in chunks])


class StanceModel(nn.Module):
    """A transformer over a statement's word pieces, a tagger of its targets, and a linear head a task.

    Parameters
    ----------
    base
        As for `AttributionModel`.
    classes
        Labels by task.
    dropout
        Of vectors before their heads.
    """

    def __init__(self, base: str | Path, classes: dict[str, list[str]], dropout: float = 0.1) -> None:
        super().__init__()
        self.bert = load_bert(base)
        width = self.bert.config.hidden_size
        self.traits = nn.ModuleList(nn.Embedding(size, width, padding_idx=0) for size in (len(PARTS), SHAPES))
        for table in self.traits:
            nn.init.normal_(table.weight, std=0.02)
            nn.init.zeros_(table.weight[0])
        self.dropout = nn.Dropout(dropout)
        self.tagger = nn.Linear(width, len(TARGET_TAGS))
        self.heads = nn.ModuleDict({task: nn.Linear(3 * width, len(names)) for task, names in classes.items()})

    def forward(self, ids: Tensor, part: Tensor, shape: Tensor, mask: Tensor) -> Tensor:
        """Return states (batch, length, width); all inputs (batch, length) int64."""
        words = self.bert.embeddings.word_embeddings(ids)
        for table, trait in zip(self.traits, (part, shape), strict=True):
            words = words + table(trait)
        return self.bert(inputs_embeds=words, attention_mask=mask).last_hidden_state


#: marks of BERT's word pieces that MPNet's vocabulary names otherwise.
_RENAMED = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>", "[MASK]": "<mask>"}


class TeacherModel(StanceModel):
    """A `StanceModel` on a larger base, which reads the word pieces of the one that it teaches.

    Its embeddings of words stay as they are.

    Parameters
    ----------
    base, classes, dropout
        As for `StanceModel`.
    pupil
        Folder whose ``tokenizer.json`` cuts the word pieces; the base's vocabulary must have the same.
    """

    def __init__(self, base: str | Path, classes: dict[str, list[str]], dropout: float, pupil: str | Path) -> None:
        super().__init__(base, classes, dropout)
        self.bert.embeddings.word_embeddings.weight.requires_grad_(False)
        known = load_tokenizer(Path(base)).get_vocab()
        own = load_tokenizer(Path(pupil)).get_vocab()
        numbers = torch.full((len(own),), known["[UNK]"])
        for piece, number in own.items():
            numbers[number] = known.get(_RENAMED.get(piece, piece), known["[UNK]"])
        self.register_buffer("numbers", numbers, persistent=False)

    def forward(self, ids: Tensor, part: Tensor, shape: Tensor, mask: Tensor) -> Tensor:
        """Return states as `StanceModel` does; `ids` are the pupil's."""
        return super().forward(self.numbers[ids], part, shape, mask)
