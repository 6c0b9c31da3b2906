"""Whether two names mean one: of a person, a state, a body, or of people whom nobody names."""

from __future__ import annotations

import re
from functools import lru_cache

from diplotext.names import fold, load_index, romanise

#: kinds of speaker that are known by what they are called, so that the wording may differ.
_LOOSE = frozenset({"organisation", "anonymous", "collective", "unknown"})
_ARTICLES = frozenset({"a", "an", "the", "s"})
#: beside a state's name these mean the state itself
_GOVERNMENT = frozenset({"government", "governments", "authorities"})
_JOINED = re.compile(r" & |,? and (?:the )?|, ")
#: gold names end after this many words
_CUT = 6


def is_same(found: object, gold: tuple[object, object], kind: str) -> bool:
    """Tell whether a found speaker is one of the gold names of a speaker of this kind.

    States and bodies are the same under every name that the tables know ("UK", "the British government"), an
    organisation under its acronym too. A person is right if the names agree but for case, marks, romanisation, middle
    names and initials. Of institutions, nameless speakers and documents more than half of the words must be the same
    (Dice of the sets of words, articles left out; nations by any of their words), since "the Clinton campaign" and
    "Hillary Clinton's campaign" are one. Joint speakers (gold: joined by ``&``) are right if every one is. Where the
    gold knows no speaker, only none is right.

    Parameters
    ----------
    found
        The name found, or a missing value.
    gold
        Names that are right, or missing values; of more than five words only the first six count.
    kind
        The gold speaker's.
    """
    wanted = [name for name in gold if isinstance(name, str) and _words(name)]
    if not wanted or not isinstance(found, str) or not _words(found):
        return not wanted and not (isinstance(found, str) and _words(found))
    return any(_is_one(found, name, kind) or (" & " in name and _are_all(found, name, kind)) for name in wanted)


def _are_all(found: str, gold: str, kind: str) -> bool:
    """Tell whether the speakers of a joint statement are the same, in any order."""
    theirs, ours = gold.split(" & "), _JOINED.split(found)
    whole = len(gold.split()) < _CUT
    if not whole:
        theirs = theirs[:-1]  # cut in its middle
    if len(ours) != len(theirs) if whole else len(ours) <= len(theirs):
        return False
    return all(any(_is_one(one, name, kind) for one in ours) for name in theirs)


def _is_one(found: str, gold: str, kind: str) -> bool:
    if _words(found) == _words(gold) or (kind != "person" and _abbreviates(found, gold)):
        return True
    ways = ((_words(found, known), _words(gold, known)) for known in (True, False))
    return any(_are_near(ours, theirs, gold, kind) for ours, theirs in ways)


def _are_near(ours: tuple[str, ...], theirs: tuple[str, ...], gold: str, kind: str) -> bool:
    a, b = set(ours), set(theirs)
    if kind == "person":
        return ours[-1] == theirs[-1] and ours[0] == theirs[0] and len(ours) > 1 and (a <= b or b <= a)
    if kind not in _LOOSE:
        return False
    if len(gold.split()) >= _CUT:
        a = set(ours[: len(theirs)])
    index = load_index()
    shared = [word for word in a & b if word not in index or index.look_up(word).kind != "state"]
    return bool(shared) and 2 * len(a & b) > (len(a) + len(b)) / 2  # an army is not its state


@lru_cache(maxsize=4096)
def _words(name: str, known: bool = True) -> tuple[str, ...]:
    """Return a name's words in one spelling, without articles and initials; states are one word.

    What the tables know under the whole name is one word too, if `known`.
    """
    index = load_index()
    plain = re.sub(r"^(?:the|an?) ", "", fold(" ".join(name.split())), flags=re.I)
    whole = index.name(plain)
    if known and whole is not None and whole.how != "surname":
        return (whole.actor_id,)
    found = [m for m in index.find(plain) if m.how not in ("surname", "office")]
    for mention in reversed(found):
        if index.look_up(mention.actor_id).kind == "state":
            plain = f"{plain[: mention.start]} {mention.actor_id} {plain[mention.end :]}"
    words = [w if w in index else w.lower() for w in re.findall(r"\w+(?:-\w+)*", romanise(plain))]
    words = [w for w in words if not (len(w) == 1 and w.isalpha())]
    words = [w for w in words if w not in _ARTICLES]
    state = next((w for w in words if w in index and index.look_up(w).kind == "state"), None)
    return (state,) if state and set(words) - {"of"} <= {state, *_GOVERNMENT} else tuple(words)


def _abbreviates(found: str, gold: str) -> bool:
    """Tell whether one name is the other's acronym: "LWA" and "Lake Water Authority"."""
    pairs = ((short, long) for short, long in ((found, gold), (gold, found)) if " " in long)
    return any(_initials(long) == re.sub(r"^[Tt]he |\.", "", fold(short)) for short, long in pairs)


def _initials(name: str) -> str:
    return "".join(w[0] for w in re.findall(r"[^\W_]\w*", fold(name)) if w[0].isupper())
