"""What a training step does to the weights, the same for every network."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


class Steps:
    """Steps of AdamW with rates that fall by layer, rise and fall over the way, and a running average of the weights.

    Parameters
    ----------
    model
        Has a ``bert``, whose lower layers learn more slowly; weights that need no gradient stay as they are.
    settings
        ``rate, head_rate, layer_decay, weight_decay, warmup, average``.
    """

    def __init__(self, model: nn.Module, settings: dict[str, Any]) -> None:
        self.model, self.settings = model, settings
        self.average = {name: value.detach().clone() for name, value in model.state_dict().items()}
        self.optimizer = torch.optim.AdamW(self._groups(), weight_decay=settings["weight_decay"], fused=True)
        self.rates = [group["lr"] for group in self.optimizer.param_groups]
        self.count = 0

    def _groups(self) -> list[dict[str, Any]]:
        groups: dict[float, list[nn.Parameter]] = {}
        layers = len(self.model.bert.encoder.layer)
        for name, parameter in self.model.named_parameters():
            if not parameter.requires_grad:
                continue
            depth = int(name.split(".")[3]) if name.startswith("bert.encoder.layer.") else -1
            rate = self.settings["rate"] * self.settings["layer_decay"] ** (layers - 1 - depth)
            groups.setdefault(rate if name.startswith("bert.") else self.settings["head_rate"], []).append(parameter)
        return [{"params": parameters, "lr": rate} for rate, parameters in groups.items()]

    def take(self, loss: Tensor, share: float) -> None:
        """Take one step down the loss; `share` of the whole way is done."""
        warmup = self.settings["warmup"]
        factor = share / warmup if share < warmup else (1 - share) / (1 - warmup)
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * max(factor, 0.01)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.count += 1
        decay = min(self.settings["average"], (1 + self.count) / (10 + self.count))
        with torch.no_grad():
            for name, value in self.model.named_parameters():
                if value.requires_grad:
                    self.average[name].lerp_(value, 1 - decay)


def halve_precision(device: str) -> torch.autocast:
    """Return the context in which matrix products take bfloat16; on older processors, where that is slow, none do."""
    quick = device != "cpu" or torch.backends.cpu.get_cpu_capability().startswith("AVX512")
    return torch.autocast(device, dtype=torch.bfloat16, enabled=quick)
