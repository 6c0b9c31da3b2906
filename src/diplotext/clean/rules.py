"""The rules: named rows of ``resources/rules.csv``, applied in the order in which they stand there."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from diplotext.clean import lines, marks
from diplotext.clean.draft import Change, Draft
from diplotext.schema import read_rows

Pattern = re.Pattern[str]

_FUNCTIONS: dict[str, Callable[[Draft, Pattern], list[Change]]] = {
    **{f.__name__: f for f in (
        lines.yaml_head, lines.hard_wraps, lines.mojibake, lines.escapes, lines.copyright_line, lines.notes,
        lines.byline, lines.printed_date, lines.dateline, lines.stray_stops, lines.outer_space,
    )},
    "doubled_marks": lambda draft, _: marks.doubled_marks(draft.text),
    "misplaced_marks": lambda draft, _: marks.misplaced_marks(draft.text),
}  # fmt: skip

#: No furniture is longer; no paragraph that is longer is looked at.
_LONGEST = 420
#: Bullets and rules around a line's words.
_EDGES = " \t*•▪●▶►◀»|→←↓↑–—-_"
_BAR_OR_DASH = re.compile(r"\s+[|»¦–—-]\s")
#: A text needs no more rounds than this; the last one only finds that nothing is left to do.
_ROUNDS = 12


@dataclass(frozen=True, eq=False)  # the same by identity: bundles are cached by their rules
class Rule:
    """One row of the table, its pattern compiled."""

    name: str
    where: frozenset[str]
    needs: tuple[str, ...]
    pattern: Pattern
    function: str
    replacement: str
    purpose: str


@cache
def load_rules() -> tuple[Rule, ...]:
    """Return all rules in their order."""
    return tuple(
        Rule(
            row["rule"],
            frozenset(row["where"].split(", ")),
            tuple(re.sub(r"\\(?:x(..)|u(....)|(.))", _unescape, need) for need in row["needs"].split()),
            re.compile(row["pattern"], re.M if row["where"] == "text" else 0),
            row["function"],
            row["replacement"].replace("\\n", "\n"),
            row["purpose"],
        )
        for row in read_rows("rules.csv")
    )


def _unescape(match: re.Match[str]) -> str:
    code, sign = match[1] or match[2], match[3]
    return chr(int(code, 16)) if code else {"n": "\n", "r": "\r", "t": "\t"}.get(sign, sign)


def list_rules() -> pd.DataFrame:
    """Return the rules of cleaning.

    It is a description; changing it changes nothing. To leave rules out, hand `clean_articles` the names that remain.

    Returns
    -------
    DataFrame with a row a rule, in the order in which they are applied: `rule` (its name), `where` (``text``: anywhere;
    ``line``: the whole line is removed; with ``tail`` also as the last sentences of the last line, with ``below``
    never the first line;
    ``headline``: the end of the first line; ``function``: see `function`), `needs` (strings, one of which must
    stand in the text for the rule to be tried; none: always), `pattern` (regular expression; line
    patterns see the line in small letters without bullets), `function` (what in this room does the work), `replacement`
    and `purpose`.

    Examples
    --------
    >>> list_rules().query("rule == 'share_line'")["where"].tolist()
    ['line']
    """
    columns = ("rule", "where", "needs", "pattern", "function", "replacement", "purpose")
    return pd.DataFrame(list(read_rows("rules.csv")), columns=list(columns), dtype="str")


def select_rules(names: Iterable[str] | None = None) -> tuple[Rule, ...]:
    """Return the rules of those names (all for None), in the table's order.

    Raises
    ------
    ValueError
        For a name that is not in the table, or a bare string.
    """
    rules = load_rules()
    if names is None:
        return rules
    known = [r.name for r in rules]
    if isinstance(names, str):
        raise ValueError(f"rules: expected a list of rule names; got {names!r}; pass [{names!r}]")
    chosen = list(names)
    for name in chosen:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"rules: expected names that list_rules() shows; got {name!r}{hint}")
    return tuple(r for r in rules if r.name in chosen)


def clean_draft(draft: Draft, rules: Sequence[Rule]) -> None:
    """Apply the rules in order, and again until none has anything left to do.

    What one rule removes may bring a line to the top, or two stops together; the repetition makes cleaning idempotent.
    """
    plan = _plan(tuple(rules))
    idle: dict[tuple[Rule, ...], tuple[str, bool]] = {}  # where a step found nothing, it will find nothing again
    for _ in range(_ROUNDS):
        before = draft.text
        for step in plan:
            state = draft.text, draft.markdown
            if idle.get(step) == state:
                continue
            _apply(draft, step)
            if draft.text == state[0]:
                idle[step] = state
        if draft.text == before:
            break


@cache
def _plan(rules: tuple[Rule, ...]) -> tuple[tuple[Rule, ...], ...]:
    """Return the rules one by one, but neighbouring line rules together, so that each line is looked at once."""
    return tuple(
        bundle
        for by_line, group in itertools.groupby(rules, key=lambda r: "line" in r.where)
        for bundle in ([tuple(group)] if by_line else [(r,) for r in group])
    )


def _apply(draft: Draft, step: tuple[Rule, ...]) -> None:
    rule, text = step[0], draft.text
    if "line" in rule.where:
        _apply_lines(draft, step)
    # Searching a string is a hundred times faster than a pattern: most rules end here.
    elif _may_apply(rule, text):
        if rule.function:
            changes: Iterable[Change] = _FUNCTIONS[rule.function](draft, rule.pattern)
        elif "headline" in rule.where:
            changes = _cut_title(draft, rule.pattern)
        elif rule.replacement == r"\1":
            changes = _keep_group(rule.pattern, text)
        else:
            changes = (Change(*m.span(), rule.replacement) for m in rule.pattern.finditer(text))
        draft.change(changes, rule.name)


def _may_apply(rule: Rule, text: str) -> bool:
    for need in rule.needs:
        if need in text:
            return True
    return not rule.needs


def _keep_group(pattern: Pattern, text: str) -> Iterator[Change]:
    """Yield the removals around the first group of each match."""
    for match in pattern.finditer(text):
        yield Change(match.start(), match.start(1))
        yield Change(match.end(1), match.end())


def _cut_title(draft: Draft, pattern: Pattern) -> list[Change]:
    """Return the removal of what stands behind the title: of the text's first line, where more follows."""
    span = next(lines.iter_lines(draft.text), None)
    if span is None or not draft.text[span[1] :].strip():
        return []
    title = draft.text[span[0] : span[1]]
    cut = len(cut_suffix(title, pattern, draft.outlet))
    return [Change(span[0] + cut, span[1])] if cut < len(title.rstrip()) else []


def cut_suffix(title: str, pattern: Pattern, outlet: str | None = None) -> str:
    """Return a title without the section or outlet behind it; the rest must be the longer part."""
    if len(title) > 250:
        return title
    for match in _BAR_OR_DASH.finditer(title):
        rest, suffix = title[: match.start()], title[match.end() :].strip()
        named = outlet is not None and suffix.casefold() == outlet.casefold()
        if named or (pattern.fullmatch(title, match.start()) and len(rest.strip()) >= len(suffix)):
            return rest
    return title


@cache
def _bundle(rules: tuple[Rule, ...]) -> Pattern:
    """Return one pattern for all: most lines are no furniture, and are looked at once."""
    return re.compile("|".join(r.pattern.pattern for r in rules))


def _apply_lines(draft: Draft, rules: tuple[Rule, ...]) -> None:
    """Remove the lines that a rule matches as a whole; each edit carries the name of its rule."""
    text = draft.text
    found: list[tuple[int, int, str]] = []
    for place, (start, end) in enumerate(lines.iter_lines(text)):
        if end - start > _LONGEST or (line := text[start:end]) in draft.story:
            continue
        name = _match(rules, line)
        if name and (place or not _is_below(rules, name)):
            found.append((start, end, name))
        else:
            draft.story.add(line)
    tails = tuple(r for r in rules if "tail" in r.where)
    if not found and tails:
        sentences = ((s, e, _match(tails, text[s:e])) for s, e in lines.last_sentences(text))
        found = [hit for hit in sentences if hit[2]][:1]
    draft.apply((lines.remove_line(text, start, end), name) for start, end, name in found)


def _is_below(rules: tuple[Rule, ...], name: str) -> bool:
    return any(r.name == name and "below" in r.where for r in rules)


def _match(rules: tuple[Rule, ...], line: str) -> str:
    """Return the name of the first rule that matches the whole line, bare or with its bullets; else nothing."""
    full, bundle = line.strip().lower(), _bundle(rules)
    for form in (full.strip(_EDGES), full):
        if bundle.fullmatch(form):
            return next(r.name for r in rules if r.pattern.fullmatch(form))
        if len(form) == len(full):
            break
    return ""
