"""From a trained checkpoint to the files that ship: an int8 graph, the heads as plain arrays, the tokenizer."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn
from transformers import BertModel

from diplotext.training.model import AttributionModel

#: what the graph takes, each (windows, pieces) int64.
INPUTS = ("ids", "shape", "mark", "place", "mask")


class _Graph(nn.Module):
    """The same network written with plain operations, so that the exported graph is small and holds no branches."""

    def __init__(self, model: AttributionModel) -> None:
        super().__init__()
        self.model = model
        self.heads = model.bert.config.num_attention_heads

    def forward(self, ids: Tensor, shape: Tensor, mark: Tensor, place: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        bert: BertModel = self.model.bert
        table = bert.embeddings
        states = table.word_embeddings(ids)
        for traits, trait in zip(self.model.traits, (shape, mark, place), strict=True):
            states = states + traits(trait)
        states = states + table.position_embeddings.weight[: ids.shape[1]] + table.token_type_embeddings.weight[0]
        states = table.LayerNorm(states)
        bias = (1.0 - mask[:, None, None, :].float()) * -1e4
        for layer in bert.encoder.layer:
            attention = layer.attention
            q, k, v = (self._split(m(states)) for m in (attention.self.query, attention.self.key, attention.self.value))
            weights = (q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5 + bias).softmax(-1)
            mixed = (weights @ v).transpose(1, 2).flatten(2)
            states = attention.output.LayerNorm(attention.output.dense(mixed) + states)
            inner = nn.functional.gelu(layer.intermediate.dense(states))
            states = layer.output.LayerNorm(layer.output.dense(inner) + states)
        return self.model.tagger(states), states

    def _split(self, states: Tensor) -> Tensor:
        return states.unflatten(-1, (self.heads, -1)).transpose(1, 2)


def export_graph(model: AttributionModel, path: Path, *, quantize: bool = True) -> None:
    """Write the network as ONNX (opset 17), its matrix products and embeddings in int8 if `quantize`.

    Inputs are `INPUTS`; outputs ``emissions`` (windows, pieces, 7) and ``states`` (windows, pieces, width) in float32.
    """
    graph = _Graph(model.float().cpu()).eval()
    example = tuple(torch.ones(2, 16, dtype=torch.int64) for _ in INPUTS)
    axes = {name: {0: "windows", 1: "pieces"} for name in (*INPUTS, "emissions", "states")}
    with tempfile.TemporaryDirectory() as folder:
        full, ready = Path(folder) / "full.onnx", Path(folder) / "ready.onnx"
        with warnings.catch_warnings():  # the exporter that the int8 tools read is the one being phased out
            warnings.simplefilter("ignore")
            torch.onnx.export(
                graph, example, str(full), input_names=list(INPUTS), output_names=["emissions", "states"],
                dynamic_axes=axes, opset_version=17, dynamo=False,
            )  # fmt: skip
        if not quantize:
            onnx.save(onnx.load(full), path)
            return
        quant_pre_process(full, ready, skip_symbolic_shape=True)
        quantize_dynamic(ready, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=False)


def export_heads(model: AttributionModel) -> dict[str, Any]:
    """Return the chain's moves and the linkers' weights as arrays, matrices in float16."""
    heads = {"moves": (model.crf.transitions + model.crf.barrier).detach().float().cpu().numpy()}
    for name, linker in model.linkers.items():
        for key, value in linker.state_dict().items():
            array = value.float().cpu().numpy()
            heads[f"{name}/{key}"] = array.astype(np.float16) if array.ndim == 2 else array
    return heads
