"""The annotator in JupyterLab: a thin screen over `LabelSession`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any

import ipywidgets as widgets
import pandas as pd

from diplotext.annotation.session import BACK, NEXT, UNDO, LabelSession
from diplotext.report.highlight import pieces_by_quote, render_text

#: characters of the article shown on either side of a statement, to the next paragraph break.
_AROUND = 700


class Annotator(widgets.VBox):
    """The screen of a `LabelSession`: what it shows it asks of the session, what is done it hands on to it.

    Parameters
    ----------
    session
        The work; also as the attribute ``session``.
    """

    def __init__(self, session: LabelSession) -> None:
        self.session = session
        self._quiet = False  # True while values are set from the session, not by the coder
        self._typed = self._rest = ""  # what stands in the box of keys, and what of it may yet become a key
        self._choices: list[tuple[widgets.ToggleButtons, str, str]] = []
        self._texts: list[tuple[widgets.Combobox, str, str]] = []
        self._bar = widgets.IntProgress(min=0, max=max(session.progress[1], 1), layout={"width": "240px"})
        self._count, self._heading, self._text = widgets.Label(), widgets.HTML(), widgets.HTML()
        self._said = widgets.HTML()
        self._article = widgets.Accordion([widgets.HTML()], titles=("The whole article",))
        self._book = widgets.Accordion([widgets.HTML(_render_codebook(session.codebook))], titles=("The codebook",))
        self._fields = widgets.VBox()
        self._keys = widgets.Text(
            placeholder=f"type keys here: {NEXT} next, {BACK} back, {UNDO} undo",
            description="Keys",
            layout={"width": "420px"},
        )
        self._keys.add_class("dt-keys")
        self._keys.observe(self._press, "value")
        self._comment = widgets.Textarea(description="Comment", continuous_update=False, layout={"width": "640px"})
        self._comment.observe(self._remark, "value")
        steps: list[tuple[str, Callable[[], Any]]] = [
            ("Back", lambda: session.move(-1)), ("Next", lambda: session.move(1)),
            ("Next open", session.move_to_open), ("Undo", session.undo),
        ]  # fmt: skip
        buttons = [_button(name, partial(self._act, act)) for name, act in steps]
        super().__init__(
            [
                widgets.HBox([self._bar, self._count, *buttons]), self._heading, self._text, self._article, self._keys,
                self._said, self._fields, self._comment, self._book,
            ]
        )  # fmt: skip
        self.show()

    def show(self) -> None:
        """Show the statement that the session asks now."""
        session, statement = self.session, self.session.statement
        article = session.articles[session.articles["article_id"] == statement["article_id"]].iloc[0]
        quotes = session.quotes
        quote = quotes[quotes["quote_id"] == statement["quote_id"]].iloc[0]
        told = [article["outlet"], _day(article["published"]), article["headline"]]
        self._heading.value = f"<b>{escape(' · '.join(str(t) for t in told if not _missing(t)))}</b>"
        text, pieces = article["text"], []
        if session.analysis.spans is not None:
            pieces = pieces_by_quote(session.analysis.spans, {statement["quote_id"]: 1})[statement["quote_id"]]
        low = text.rfind("\n", 0, max(0, int(quote["start"]) - _AROUND)) + 1
        high = text.find("\n", int(quote["end"]) + _AROUND)
        near = render_text(text, pieces, low, high if high >= 0 else len(text))
        self._text.value = f'<div class="dt-text dt-statement">{near}</div>'
        self._article.children[0].value = f'<div class="dt-text">{render_text(text, pieces)}</div>'
        self._build(sorted(set(quotes.loc[quotes["article_id"] == article["article_id"], "speaker"].dropna())))
        self._sync()

    def _build(self, names: list[str]) -> None:
        """Make the controls of the statement and of each of its targets."""
        self._choices, self._texts = [], []
        targets = self.session.targets
        offered = sorted({*names, *targets["name"].dropna()})
        rows = self._make_controls(self.session.statement["item_id"], "statement", offered)
        for row in targets.itertuples():
            shown = row.name if _missing(row.words) or row.words == row.name else f"{row.words} → {row.name}"
            rows.append(widgets.HTML(f"<b>Target: {escape(str(shown))}</b>"))
            rows += self._make_controls(row.item_id, "target", offered)
        new = widgets.Text(placeholder="words or name of a further target", description="Add target")
        rows.append(widgets.HBox([new, _button("Add", lambda: self._act(lambda: self.session.add_target(new.value)))]))
        self._fields.children = rows

    def _make_controls(self, item_id: str, unit: str, names: list[str]) -> list[widgets.Widget]:
        rows: list[widgets.Widget] = []
        for field in (f for f in self.session.fields.values() if f.unit == unit):
            book = self.session.codebook[(self.session.codebook["field"] == field.name)]
            closed = book[book["label"] != ""]
            labels = zip(closed["label"], closed["key"], strict=True)
            parts: list[widgets.Widget] = []
            if field.open:
                box = widgets.Combobox(options=names, continuous_update=False, description=field.name)
                box.observe(lambda change, f=field.name: self._label(f, change["new"], item_id), "value")
                self._texts.append((box, field.name, item_id))
                parts.append(box)
            if field.labels:
                choice = widgets.ToggleButtons(
                    options=[(f"{label} [{key}]", label) for label, key in labels],
                    tooltips=closed["definition"].tolist(), value=None, description="" if field.open else field.name,
                    style={"button_width": "initial"},
                )  # fmt: skip
                choice.observe(lambda change, f=field.name: self._label(f, change["new"] or "", item_id), "value")
                self._choices.append((choice, field.name, item_id))
                parts.append(choice)
            rows.append(widgets.HBox(parts))
        return rows

    def _sync(self) -> None:
        """Bring what is shown to what the session holds."""
        session = self.session
        self._quiet = True
        try:
            for choice, field, item_id in self._choices:
                label = session.label(field, item_id)
                choice.value = label if label in session.fields[field].labels else None
            for box, field, item_id in self._texts:
                label = session.label(field, item_id)
                box.value = "" if label is None or label in session.fields[field].labels else label
            self._comment.value = session.comment
            done, count = session.progress
            self._bar.value = done
            self._count.value = (
                f"{done} of {count} labelled; this is number {session.position + 1}; kept in {session.path.name}"
            )
            asked = session.asked
            target = "" if asked is None or "#" not in asked[1] else " of the target"
            self._say("Done: go on." if asked is None else f"Keys now label <b>{escape(asked[0])}</b>{target}.")
        finally:
            self._quiet = False

    def _label(self, field: str, label: str, item_id: str) -> None:
        if not self._quiet:
            self._act(lambda: self.session.set_label(field, label, item_id))

    def _remark(self, change: dict[str, Any]) -> None:
        if not self._quiet:
            self._act(lambda: self.session.set_comment(change["new"]))

    def _press(self, change: dict[str, Any]) -> None:
        """Hand on what was typed since; the box is never emptied, which would race with who types fast."""
        typed, self._typed = self._typed, change["new"]
        for key in self._typed.removeprefix(typed) if self._typed.startswith(typed) else "":
            self._act(partial(self._press_key, key))

    def _press_key(self, key: str) -> None:
        self._rest = self.session.press(self._rest + key)

    def _act(self, act: Callable[[], Any]) -> None:
        """Do something with the session, and show what it is now; what went wrong is said, not raised."""
        before = (self.session.position, len(self.session.targets))
        try:
            act()
        except (ValueError, OSError) as error:
            self._say(f'<span role="alert">{escape(str(error))}</span>')
            return
        if (self.session.position, len(self.session.targets)) != before:
            self.show()
        else:
            self._sync()

    def _say(self, html: str) -> None:
        self._said.value = html


def _button(name: str, act: Callable[[], Any]) -> widgets.Button:
    button = widgets.Button(description=name, layout={"width": "auto"})
    button.on_click(lambda _: act())
    return button


def _render_codebook(codebook: pd.DataFrame) -> str:
    columns = ["field", "label", "key", "definition", "example", "near_miss"]
    head = "".join(f"<th>{c.replace('_', ' ')}</th>" for c in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(v)}</td>" for v in row) + "</tr>"
        for row in codebook[columns].itertuples(index=False)
    )
    return f'<table class="dt-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _missing(value: Any) -> bool:
    return value is None or value == "" or bool(pd.isna(value))


def _day(value: Any) -> str:
    return "" if _missing(value) else f"{value:%Y-%m-%d}"
