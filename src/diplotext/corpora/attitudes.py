"""Private states with holder, target and polarity, in the form of MPQA 2.0."""

from __future__ import annotations

import json
from pathlib import Path

from diplotext import schema
from diplotext.corpora.attributions import Gold

#: attitudes that evaluate their target: arguing for something is no evaluation of it.
_TYPES = ("sentiment-pos", "sentiment-neg", "agree-pos", "agree-neg")


def load_mpqa(folder: str | Path) -> Gold:
    """Read documents and the expressed attitudes in them, for measuring alone: the corpus' terms are research only.

    Attitudes that are inferred, that express no sentiment or agreement, or that lack a holder or a target are left out,
    and so is what the writer implies without an expression.

    Parameters
    ----------
    folder
        Holds ``text/<doc>.txt`` and ``attitudes.jsonl``: one private state a line.

    Returns
    -------
    Gold: `quotes` has a row a private state; its `spans` hold the expression as cue and the holder's mentions as
    source; its `stances` have a row an attitude and target, with its place in ``start, end``, and `stance`.

    Raises
    ------
    FileNotFoundError
        If the folder lacks ``text`` or ``attitudes.jsonl``.

    References
    ----------
    Wilson (2008), Fine-grained Subjectivity and Sentiment Analysis, dissertation, University of Pittsburgh.

    Examples
    --------
    >>> (folder / "text").mkdir()
    >>> (folder / "text" / "a.txt").write_text("Toran blames Lethia.")
    20
    >>> (folder / "attitudes.jsonl").write_text(
    ...     '{"doc": "a", "id": "1", "expression": [[6, 12]], "implicit": false, "holders": [[[0, 5]]], "attitudes": '
    ...     '[{"type": "sentiment-neg", "stance": "oppose", "inferred": false, "targets": [[[13, 19]]]}]}')
    196
    >>> load_mpqa(folder).stances[["target", "stance"]].to_numpy().tolist()
    [['Lethia', 'oppose']]
    """
    folder = Path(folder)
    for name in ("text", "attitudes.jsonl"):
        if not (folder / name).exists():
            raise FileNotFoundError(f"folder: expected {name} in {folder.name!r}; got none")
    paths = sorted((folder / "text").glob("*.txt"))
    texts = {path.stem: path.read_bytes().decode("utf-8") for path in paths}
    articles = [{"article_id": name, "source": f"{name}.txt", "text": t, "raw_text": t} for name, t in texts.items()]
    quotes, spans, stances = [], [], []
    for line in (folder / "attitudes.jsonl").read_text("utf-8").splitlines():
        state = json.loads(line)
        aimed = [a for a in state["attitudes"] if a["type"] in _TYPES and not a["inferred"] and a["targets"]]
        if state["implicit"] or not state["holders"] or not aimed:
            continue
        quote_id = f"{state['doc']}#{state['id']}"
        whole = _place(state["expression"][0][0], state["expression"][-1][1])
        quotes.append({"quote_id": quote_id, "article_id": state["doc"], "text": "", **whole})
        holders = [piece for mention in state["holders"] for piece in mention]
        for role, pieces in (("cue", state["expression"]), ("source", holders)):
            for part, (start, end) in enumerate(pieces):
                spans.append({"quote_id": quote_id, "role": role, "part": part, **_place(start, end)})
        targets = [(a["stance"], t) for a in aimed for t in a["targets"]]
        for number, (stance, pieces) in enumerate(targets):
            place = _place(pieces[0][0], pieces[-1][1])
            mention = texts[state["doc"]][place["start"] : place["end"]]
            stances.append({"quote_id": quote_id, "target_id": str(number), "target": mention, "mention": mention,
                            "stance": stance, **place})  # fmt: skip
    tables = {"articles": articles, "quotes": quotes, "spans": spans, "stances": stances, "conditions": []}
    return Gold(**{name: schema.build_table(name, rows) for name, rows in tables.items()})


def _place(start: int, end: int) -> dict[str, int]:
    return {"start": start, "end": end, "raw_start": start, "raw_end": end}
