"""The network that turns a statement into a vector, with the heads that it is trained by."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn
from transformers import BertModel


class StanceModel(nn.Module):
    """A transformer whose states at three places, joined, are a statement's vector; and a linear head a task."""

    def __init__(self, base: str | Path, classes: dict[str, list[str]], dropout: float = 0.1) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="sdpa")
        width = 3 * self.bert.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict({task: nn.Linear(width, len(names)) for task, names in classes.items()})

    def vectors(self, ids: Tensor, mask: Tensor, spots: Tensor) -> Tensor:
        """Return vectors (batch, 3 · width) of statements (batch, length) with spots (batch, 3)."""
        states = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        return states.gather(1, spots[..., None].expand(-1, -1, states.shape[-1])).flatten(1)
