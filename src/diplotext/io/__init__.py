"""Files of articles to the articles table. Bytes are decoded and stories found in pages; nothing is cleaned."""

from diplotext.io.loading import InputWarning, load_articles, read_batches, read_inputs

__all__ = ["InputWarning", "load_articles", "read_batches", "read_inputs"]
