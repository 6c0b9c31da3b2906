"""Who is who in an article, against entities and coreference marked by people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from diplotext.evaluate.scores import share_by_article
from diplotext.names import fold

#: types of entity that a cast holds.
KINDS = ("person", "organization")
THIRD = frozenset(["he", "she", "him", "her", "his", "hers", "they", "them", "their", "it", "its"])
_OPENED = re.compile(r"\((\d+)-([a-z]+)-[^()]*|(\d+)\)|\)")
_WORD = re.compile(r"[A-Za-z]{2,}")


class Entity(NamedTuple):
    """One mention of a document: half-open offsets, the number of its cluster, its type, and named, noun or pronoun."""

    start: int
    end: int
    cluster: str
    kind: str
    form: str


def read_entities(path: Path) -> tuple[str, list[Entity]]:
    """Read a document in GUM's form (CoNLL-U with ``Entity=`` in the last column): its text and its mentions."""
    text, entities = "", []
    opened: list[tuple[str, str, int, list[str]]] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("# newpar") and text and not text.endswith("\n"):
            text = text.rstrip() + "\n"
        columns = line.split("\t")
        if len(columns) != 10 or not columns[0].isdigit():
            continue
        start = len(text)
        text += columns[1]
        entry = re.search(r"(?:^|\|)Entity=([^|]*)", columns[9])
        marks = list(_OPENED.finditer(entry.group(1))) if entry else []
        opened += [(m[1], m[2], start, []) for m in marks if m[1]]
        for *_, tags in opened:
            tags.append(columns[3])
        closing = [m for m in marks if not m[1]]
        for mark in closing:  # a bracket without a number closes what was opened last
            at = next((n for n in range(len(opened) - 1, -1, -1) if mark[3] in (None, opened[n][0])), None)
            if at is None:
                continue
            cluster, kind, begin, tags = opened.pop(at)
            form = "pronoun" if tags == ["PRON"] else "named" if "PROPN" in tags else "noun"
            entities.append(Entity(begin, len(text), cluster, kind, form))
        if "SpaceAfter=No" not in columns[9]:
            text += " "
    return text, sorted(entities)


def is_aside(name: str) -> bool:
    """Tell whether a document is kept aside for reporting: where the sum of the letters' numbers divides by three."""
    return sum(map(ord, name)) % 3 == 0


def evaluate_cast(folder: str | Path, split: str | None = None) -> dict[str, Any]:
    """Score who is who: mentions found, pronouns and descriptions resolved.

    It scores people and organisations alone, and only what takes up somebody named before in the document.

    Parameters
    ----------
    folder
        Holds ``*.conllu`` in GUM's form.
    split
        ``report``: the third that is kept aside (`is_aside` of the document's name); ``develop``: the others; all
        without.

    Returns
    -------
    dict of scores: ``mentions`` (share of named people and organisations at whose place the cast has one), ``pronouns``
    and ``descriptions`` (share whose name shares a word with a name of the same cluster).

    Raises
    ------
    ValueError
        If there are no such files, or the split is another.

    Examples
    --------
    >>> evaluate_cast(folder)
    Traceback (most recent call last):
    ...
    ValueError: data: expected a folder with .conllu files; got ...
    """
    if split not in (None, "report", "develop"):
        raise ValueError(f"split: expected report or develop; got {split!r}")
    files = sorted(Path(folder).glob("*.conllu"))
    paths = [p for p in files if split is None or is_aside(p.stem) == (split == "report")]
    if not paths:
        raise ValueError(f"data: expected a folder with .conllu files; got {str(folder)!r} without any")
    hits = [(name, path.stem, hit) for path in paths for name, hit in _score_document(path)]
    return {
        name: share_by_article([h for n, _, h in hits if n == name], [d for n, d, _ in hits if n == name])
        for name in ("mentions", "pronouns", "descriptions")
    }


def _score_document(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield what one document tells: the name of a score, and whether the cast is right."""
    from diplotext.cast import read_cast
    from diplotext.names import load_index

    text, entities = read_entities(path)
    cast = read_cast(text, names=load_index())
    places = [at for at, _ in cast.people.events] + [g.start for g in cast.groups]
    names: dict[str, set[str]] = {}
    for entity in entities:
        printed = fold(text[entity.start : entity.end])
        if entity.kind not in KINDS:
            continue
        if entity.form == "named":
            yield "mentions", any(entity.start <= at < entity.end for at in places)
            names.setdefault(entity.cluster, set()).update(w.lower() for w in _WORD.findall(printed) if w[0].isupper())
            continue
        known = names.get(entity.cluster)
        third = entity.form == "pronoun" and printed.lower() in THIRD
        described = entity.form == "noun" and printed.lower().startswith("the ")
        if not known or not (third or described):
            continue
        found = cast.resolve(text[entity.start : entity.end], entity.start).name or ""
        right = not known.isdisjoint(w.lower() for w in _WORD.findall(fold(found)))
        yield ("pronouns" if third else "descriptions"), right
