"""Public corpora and our own labels, brought to the package's tables and to frames for its classifiers.

Only `fetch_corpus` downloads, or takes a copy that you have; every other function takes the folder or file where the
corpus lies.
"""

from diplotext.corpora.attitudes import load_mpqa
from diplotext.corpora.attributions import Gold, Roles, iterate_polnear, load_polnear, tell_kind
from diplotext.corpora.case import load_case
from diplotext.corpora.coders import Coded, ask_coders
from diplotext.corpora.documents import load_documents
from diplotext.corpora.fetching import Recipe, fetch_corpus, list_corpora
from diplotext.corpora.sample import Sample, load_gold, load_sample
from diplotext.corpora.sentences import load_newsmtsc, load_plover, load_statements, load_unscon

__all__ = [
    "Coded", "Gold", "Recipe", "Roles", "Sample", "ask_coders", "fetch_corpus", "iterate_polnear", "list_corpora",
    "load_case", "load_documents", "load_gold", "load_mpqa", "load_newsmtsc", "load_plover", "load_polnear",
    "load_sample", "load_statements", "load_unscon", "tell_kind",
]  # fmt: skip
