"""The transformers that the stages share: word pieces, windows and the inference engine.

The only room that knows onnxruntime and tokenizers.
"""

from diplotext.encoder.session import Encoder, Reading, find_weights, load_encoder, load_vectors, set_threads
from diplotext.encoder.statements import Statement

__all__ = ["Encoder", "Reading", "Statement", "find_weights", "load_encoder", "load_vectors", "set_threads"]
