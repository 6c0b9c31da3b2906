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

from diplotext.training.model import AttributionModel, StanceModel

#: what the graph takes, each (windows, pieces) int64.
INPUTS = ("ids", "shape", "mark", "place", "mask")


class _Graph(nn.Module):
    """The same network written with plain operations, so that the exported graph is small and holds no branches."""

    def __init__(self, model: AttributionModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, shape: Tensor, mark: Tensor, place: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        words = self.model.bert.embeddings.word_embeddings(ids)
        for traits, trait in zip(self.model.traits, (shape, mark, place), strict=True):
            words = words + traits(trait)
        states = _run_layers(self.model.bert, words, (1.0 - mask[:, None, None, :].float()) * -1e4)
        return self.model.tagger(states), states


class _StanceGraph(nn.Module):
    """A statement's states and tags, for one statement at a time, so that there is nothing to mask."""

    def __init__(self, model: StanceModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: Tensor, part: Tensor, shape: Tensor) -> tuple[Tensor, Tensor]:
        words = self.model.bert.embeddings.word_embeddings(ids)
        for traits, trait in zip(self.model.traits, (part, shape), strict=True):
            words = words + traits(trait)
        states = _run_layers(self.model.bert, words, torch.zeros(1))
        return states, self.model.tagger(states)


def _run_layers(bert: BertModel, words: Tensor, bias: Tensor) -> Tensor:
    """Return the last layer's states for embedded word pieces; `bias` is added to the attention's logits."""
    table, heads = bert.embeddings, bert.config.num_attention_heads
    states = words + table.position_embeddings.weight[: words.shape[1]] + table.token_type_embeddings.weight[0]
    states = table.LayerNorm(states)

    def split(part: Tensor) -> Tensor:
        return part.unflatten(-1, (heads, -1)).transpose(1, 2)

    for layer in bert.encoder.layer:
        attention = layer.attention
        q, k, v = (split(m(states)) for m in (attention.self.query, attention.self.key, attention.self.value))
        weights = (q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5 + bias).softmax(-1)
        mixed = (weights @ v).transpose(1, 2).flatten(2)
        states = attention.output.LayerNorm(attention.output.dense(mixed) + states)
        inner = nn.functional.gelu(layer.intermediate.dense(states))
        states = layer.output.LayerNorm(layer.output.dense(inner) + states)
    return states


def export_graph(model: AttributionModel, path: Path, *, quantize: bool = True) -> None:
    """Write the network as ONNX (opset 17), its matrix products and embeddings in int8 if `quantize`.

    Inputs are `INPUTS`; outputs ``emissions`` (windows, pieces, 7) and ``states`` (windows, pieces, width) in float32.
    """
    example = tuple(torch.ones(2, 16, dtype=torch.int64) for _ in INPUTS)
    axes = {name: {0: "windows", 1: "pieces"} for name in (*INPUTS, "emissions", "states")}
    _write(_Graph(model.float().cpu()), example, list(INPUTS), ["emissions", "states"], axes, path, quantize=quantize)


def export_statements(model: StanceModel, path: Path, *, quantize: bool = True) -> None:
    """Write the network of statements as ONNX: ``ids, part, shape`` (1, n) to ``states`` and ``tags`` (1, n, 5)."""
    inputs = ["ids", "part", "shape"]
    example = tuple(torch.ones(1, 16, dtype=torch.int64) for _ in inputs)
    axes = {name: {1: "pieces"} for name in (*inputs, "states", "tags")}
    _write(_StanceGraph(model.float().cpu()), example, inputs, ["states", "tags"], axes, path, quantize=quantize)


def _write(
    graph: nn.Module, example: tuple[Tensor, ...], inputs: list[str], outputs: list[str],
    axes: dict[str, dict[int, str]], path: Path, *, quantize: bool,
) -> None:  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        full, ready = Path(folder) / "full.onnx", Path(folder) / "ready.onnx"
        with warnings.catch_warnings():  # the exporter that the int8 tools read is the one being phased out
            warnings.simplefilter("ignore")
            torch.onnx.export(
                graph.eval(), example, str(full), input_names=inputs, output_names=outputs,
                dynamic_axes=axes, opset_version=17, dynamo=False,
            )  # fmt: skip
        if not quantize:
            onnx.save(onnx.load(full), path)
            return
        # Weights of seven bits: of eight, processors without VNNI sum products that overflow, and answer differently.
        quant_pre_process(full, ready, skip_symbolic_shape=True)
        quantize_dynamic(ready, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def export_heads(model: AttributionModel) -> dict[str, Any]:
    """Return the chain's moves and the linkers' weights as arrays, matrices in float16."""
    heads = {"moves": (model.crf.transitions + model.crf.barrier).detach().float().cpu().numpy()}
    for name, linker in model.linkers.items():
        for key, value in linker.state_dict().items():
            array = value.float().cpu().numpy()
            heads[f"{name}/{key}"] = array.astype(np.float16) if array.ndim == 2 else array
    return heads
