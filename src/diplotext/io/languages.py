"""Which language a text is in: the rules of every later stage know English only."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

#: The languages that news is told apart in. The model knows 97; the rarer ones mostly win on English lists of names.
LANGUAGES = (
    "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi",
    "hr", "hu", "hy", "id", "it", "ja", "ka", "kk", "ko", "lt", "lv", "mk", "ms", "nl", "no", "pl", "ps", "pt", "ro",
    "ru", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip
#: How many characters are looked at, and how many letters a verdict needs.
_SAMPLE, _ENOUGH = 2000, 120
_ENGLISH = frozenset((
    "a", "about", "after", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had",
    "has", "have", "he", "her", "his", "i", "in", "is", "it", "its", "not", "of", "on", "or", "our", "said",
    "she", "than", "that", "the", "their", "there", "they", "this", "to", "was", "we", "were", "when", "which",
    "who", "will", "with", "would", "you",
))  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


def detect_language(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language, "und" for no English, or None where it is too short to tell.

    The first 2,000 characters decide. A quarter of English function words among the words settles it at once (prose
    has more than a third, related languages under a tenth); else py3langid is asked, among `LANGUAGES`. It does not
    find out where in a text the language changes.
    """
    words = _WORD.findall(text[:_SAMPLE].lower())
    letters = sum(map(len, words))
    english = sum(word in _ENGLISH for word in words)
    if len(words) >= 8 and english >= len(words) / 4:
        return "en"
    if letters < _ENOUGH and text.isascii() and (english or len(words) < 10):
        return None
    if letters < 20:
        return None
    if sum(map(str.isascii, "".join(words))) < letters / 2:  # another script, or one that was decoded wrongly
        code, probability = _identifier().classify(text[:_SAMPLE])
        return str(code) if code != "en" and probability > 0.9 else "und"
    code, probability = _identifier().classify(text[:_SAMPLE])
    if code != "en" and (probability < 0.9 or english >= len(words) / 8):
        return None
    return str(code)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
