"""The transformer that the stages share: word pieces, windows and the inference engine.

The only room that knows onnxruntime and tokenizers.
"""

from diplotext.encoder.session import Encoder, Reading, find_weights, load_encoder, set_threads

__all__ = ["Encoder", "Reading", "find_weights", "load_encoder", "set_threads"]
