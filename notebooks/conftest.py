"""Teaches nbval that numbers are numbers: what a processor does not fix is no change of a result.

Networks answer a little differently on different processors (`tests/disturbed` measures how much). Two outputs are the
same if they are the same but for spaces between words and decimals within `TOLERANCE`; whole numbers, labels and the
order of rows have to be the same. In a cell with the tag ``counts``, which counts what the networks decide, near ties
among them, a whole number may differ by `COUNTS`.
"""

from __future__ import annotations

import re
from typing import Any

from nbval.plugin import IPyNbCell

#: shares and probabilities are printed with two digits; one that moves by .01 may be printed .02 away.
TOLERANCE = 0.02
#: of some two hundred statements a few lie so near a tie that such differences decide.
COUNTS = 3
_DECIMAL = re.compile(r"(?<![\w.])[-−+]?\d*\.\d+(?![\w.]*\w)")
_NUMBER = re.compile(r"(?<![\w.])[-−+]?(?:\d*\.)?\d+(?![\w.]*\w)")


class Output(str):
    """A cell's output, equal to another whose numbers are close to its own."""

    counts = False
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) or (isinstance(other, str) and _agree(self, other, self.counts))

    def __ne__(self, other: object) -> bool:
        return not self == other


def _agree(one: str, other: str, counts: bool) -> bool:
    number = _NUMBER if counts else _DECIMAL
    if [part.split() for part in number.split(one)] != [part.split() for part in number.split(other)]:
        return False
    return all(map(_close, number.findall(one), number.findall(other)))


def _close(one: str, other: str) -> bool:
    reach = TOLERANCE if "." in one + other else COUNTS
    return abs(float(one.replace("−", "-")) - float(other.replace("−", "-"))) <= reach + 1e-9


_sanitize = IPyNbCell.sanitize


def _sanitize_as_output(cell: IPyNbCell, value: Any) -> Any:
    value = _sanitize(cell, value)
    if not isinstance(value, str):
        return value
    output = Output(value)
    output.counts = "counts" in cell.cell.metadata.get("tags", ())
    return output


IPyNbCell.sanitize = _sanitize_as_output
