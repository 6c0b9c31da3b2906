"""The transformers that the stages share: word pieces, windows and the inference engine.

The only room that knows onnxruntime and tokenizers.
"""

from diplotext.encoder.session import Encoder, Reading, StatementReading, load_encoder, load_vectors, set_threads
from diplotext.encoder.statements import Statement, pool_statement
from diplotext.encoder.weights import find_weights, write_sums

__all__ = [
    "Encoder", "Reading", "Statement", "StatementReading", "find_weights", "load_encoder", "load_vectors",
    "pool_statement", "set_threads", "write_sums",
]  # fmt: skip
