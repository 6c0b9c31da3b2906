"""Teaches nbval that numbers are numbers: what a processor does not fix is no change of a result.

Networks answer a little differently on different processors (`tests/disturbed` measures how much). Two outputs are the
same if they are the same but for spaces between words and decimals within `TOLERANCE`; whole numbers, labels and the
order of rows have to be the same.
"""

from __future__ import annotations

import re
from typing import Any

from nbval.plugin import IPyNbCell

#: shares and probabilities are printed with two digits; one that moves by .01 may be printed .02 away.
TOLERANCE = 0.02
_DECIMAL = re.compile(r"(?<![\w.])[-−+]?\d*\.\d+(?![\w.]*\w)")


class Output(str):
    """A cell's output, equal to another whose decimals are close to its own."""

    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) or (isinstance(other, str) and _agree(self, other))

    def __ne__(self, other: object) -> bool:
        return not self == other


def _agree(one: str, other: str) -> bool:
    if [part.split() for part in _DECIMAL.split(one)] != [part.split() for part in _DECIMAL.split(other)]:
        return False
    pairs = zip(_DECIMAL.findall(one), _DECIMAL.findall(other), strict=True)
    return all(abs(_read(a) - _read(b)) <= TOLERANCE + 1e-9 for a, b in pairs)


def _read(number: str) -> float:
    return float(number.replace("−", "-"))


_sanitize = IPyNbCell.sanitize


def _sanitize_as_output(cell: IPyNbCell, value: Any) -> Any:
    value = _sanitize(cell, value)
    return Output(value) if isinstance(value, str) else value


IPyNbCell.sanitize = _sanitize_as_output
