"""One text at a glance: who, toward whom, in what posture, how sure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from diplotext import schema
from diplotext.io import load_articles
from diplotext.pipeline import analyze_articles
from diplotext.report.highlight import Piece, pieces_by_quote, render_table, render_text
from diplotext.report.notebook import describe_stances, stances_by_quote

#: what can be wrong with a statement's row, and the column that says how sure each is.
_DOUBTS = {
    "statement": "confidence", "speaker": "speaker_confidence", "target": "target_p", "stance": "stance_p",
    "posture": "posture_p",
}  # fmt: skip
_LEGEND = "[n …] what was said, <…> by whom; sure: the least of statement, speaker, target, stance and posture"


@dataclass(frozen=True, repr=False)
class Glance:
    """What `quick` found: printed, the text with its statements marked and a line for each; in a notebook, a table.

    Parameters
    ----------
    analysis
        All tables of the text, as `analyze_articles` returns them.
    """

    analysis: schema.Analysis

    @property
    def table(self) -> pd.DataFrame:
        """A row a statement: ``who, country, toward, posture, sure, least``.

        `toward` names the targets with the stance toward each; `sure`, in [0, 1], is the least of what is known of
        statement, speaker, main target, stance and posture, and `least` says which of them that is.
        """
        quotes, stances = schema.take_tables(self.analysis, "quotes", "stances")
        by_quote = stances_by_quote(stances)
        main = stances.drop_duplicates("quote_id").set_index("quote_id")
        main["stance_p"] = main[["p_oppose", "p_neutral", "p_support"]].max(axis=1)
        rows = []
        for quote in quotes.sort_values(["start", "end"]).itertuples():
            known = {**quote._asdict(), **(main.loc[quote.quote_id] if quote.quote_id in main.index else {})}
            sure = {doubt: known[c] for doubt, c in _DOUBTS.items() if pd.notna(known.get(c))}
            least = min(sure, key=lambda doubt: sure[doubt])
            country = quote.country if pd.notna(quote.country) else quote.parties
            posture, toward = describe_stances(by_quote.get(quote.quote_id, []))
            rows.append([quote.quote_id, quote.speaker, country, toward, posture, sure[least], least])
        columns = ["quote_id", "who", "country", "toward", "posture", "sure", "least"]
        return pd.DataFrame(rows, columns=columns).set_index("quote_id")

    def __repr__(self) -> str:
        lines = [
            f"[{n}] {_or_dash(row.who)}{'' if pd.isna(row.country) else f' ({row.country})'}"
            f" → {row.toward or '–'} · {row.posture or '–'} · sure {_say_sure(row.sure, row.least)}"
            for n, row in enumerate(self.table.itertuples(), 1)
        ]
        text, pieces = self._marks()
        told = [_mark_plainly(text, pieces), "", *(lines or ["No statement was found."])]
        return "\n".join([*told, *([_LEGEND] if lines else []), *self._advice()])

    def _repr_html_(self) -> str:
        table, (text, pieces) = self.table, self._marks()
        rows = [
            [n, row.who, row.country, row.toward, row.posture, _say_sure(row.sure, row.least)]
            for n, row in enumerate(table.itertuples(), 1)
        ]
        listing = render_table(rows, ["", "who", "country", "toward whom", "posture", "how sure"]) if rows else ""
        notes = "".join(f"<p>{note}</p>" for note in self._advice() or ([] if rows else ["No statement was found."]))
        return f'<div style="line-height:1.6;max-width:46em">{render_text(text, pieces)}</div>{listing}{notes}'

    def _marks(self) -> tuple[str, list[Piece]]:
        articles, spans = schema.take_tables(self.analysis, "articles", "spans")
        numbers = {quote_id: n for n, quote_id in enumerate(self.table.index, 1)}
        return articles["text"].iloc[0], [p for found in pieces_by_quote(spans, numbers).values() for p in found]

    def _advice(self) -> list[str]:
        advice = advise_on_actors(schema.take_tables(self.analysis, "quotes")[0])
        return [] if advice is None else [advice]


def quick(text: str, *, dictionaries: schema.Dictionaries | None = None) -> Glance:
    """Read one text at a glance: who said what, toward whom, in what posture, and how sure that is.

    It does not write anything, and is no way to read many texts: `analyze_articles` does that.

    Parameters
    ----------
    text
        A sentence, a paragraph or an article, in English.
    dictionaries
        Your own actors, aliases and issues, and the date of the text, whose office holders it means.

    Returns
    -------
    Glance
        Shown as a marked text with a line a statement; its `table` holds the lines, its `analysis` every table.

    Raises
    ------
    TypeError
        If `text` is no text.
    ValueError
        If it is empty or not English.

    Examples
    --------
    >>> quick("The envoy of Kenya said on Monday that her government rejects the plan.")
    <The envoy of Kenya> said on Monday [1 that her government rejects the plan].
    <BLANKLINE>
    ...
    """
    if not isinstance(text, str):
        raise TypeError(
            f"text: expected one text; got {type(text).__name__}. For several use "
            "analyze_articles(load_articles(texts=[...]))"
        )
    return Glance(analyze_articles(load_articles(texts=[text]), dictionaries=dictionaries))


def advise_on_actors(quotes: pd.DataFrame) -> str | None:
    """Return what to do where most of the named speakers belong to no country or body that is known, else None."""
    named = quotes[quotes["speaker_kind"].isin(["person", "organisation", "state"])]
    unknown = int(named[["country", "parties", "actor_id"]].isna().all(axis=1).sum())
    if unknown * 2 <= len(named):
        return None
    return (
        f"{unknown} of {len(named)} statements by named speakers have no country: give your own actors "
        "(--dictionaries DIR with actors.csv; in Python dictionaries=load_dictionaries(DIR))"
    )


def _mark_plainly(text: str, pieces: Iterable[Piece]) -> str:
    """Return the text with contents as ``[n …]`` and sources as ``<…>``."""
    signs = []
    for piece in pieces:
        if piece.role != "cue":
            opening, closing = (f"[{piece.number} ", "]") if piece.role == "content" else ("<", ">")
            signs += [(piece.start, 1, -piece.end, opening), (piece.end, 0, -piece.start, closing)]
    marked, at = "", 0
    for offset, _, _, sign in sorted(set(signs)):
        marked += text[at:offset] + sign
        at = offset
    return marked + text[at:]


def _say_sure(sure: float, least: str) -> str:
    return f"{sure:.2f} ({least})"


def _or_dash(value: object) -> str:
    return "–" if value is None or pd.isna(value) else str(value)
