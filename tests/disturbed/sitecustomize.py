"""Disturbs what the networks answer, as another processor would: Python reads this when the folder is on its path.

``DIPLOTEXT_DISTURB`` says by how much: the noise's standard deviation as a share of that of each answer. The noise is
drawn from the answer's own input, so that one text is always disturbed alike, whatever is read before it.
"""

import os
import sys
import zlib
from importlib.abc import Loader, MetaPathFinder
from importlib.util import find_spec

SHARE = float(os.environ.get("DIPLOTEXT_DISTURB", "0"))


def disturb(answers, inputs):
    """Return a run's answers with noise."""
    import numpy as np

    rng = np.random.default_rng(zlib.crc32(b"".join(np.ascontiguousarray(inputs[k]).tobytes() for k in sorted(inputs))))
    return [a + (SHARE * a.std() * rng.standard_normal(a.shape)).astype(a.dtype) for a in answers]


class _Session:
    def __init__(self, session):
        self._session = session

    def __getattr__(self, name):
        return getattr(self._session, name)

    def run(self, names, inputs):
        return disturb(self._session.run(names, inputs), inputs)


class _Finder(MetaPathFinder, Loader):
    """Waits for the encoder's session to be imported, and wraps what opens it."""

    name = "diplotext.encoder.session"

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            opens = module._open_session
            module._open_session = lambda *arguments: _Session(opens(*arguments))

        spec.loader.exec_module = exec_module
        return spec


if SHARE:
    sys.meta_path.insert(0, _Finder())
