"""Public corpora and our own labels, brought to the package's tables and to frames for its classifiers.

Nothing here downloads: every function takes the folder or file where the corpus lies.
"""

from diplotext.corpora.attitudes import load_mpqa
from diplotext.corpora.attributions import Gold, Roles, iterate_polnear, load_polnear, tell_kind
from diplotext.corpora.documents import load_documents
from diplotext.corpora.sample import load_gold
from diplotext.corpora.sentences import load_newsmtsc, load_plover, load_statements, load_unscon

__all__ = [
    "Gold", "Roles", "iterate_polnear", "load_documents", "load_gold", "load_mpqa", "load_newsmtsc", "load_plover",
    "load_polnear", "load_statements", "load_unscon", "tell_kind",
]  # fmt: skip
