"""Rules that need more than a pattern: they look at where a line stands, or keep what they take out.

Each takes the draft and the pattern of its row in ``resources/rules.csv`` and returns the changes that it wants; what
an article's columns hold of the removed (notes, byline, dateline) is left in the draft.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator

from diplotext.clean.draft import Change, Draft
from diplotext.language import find_sentences
from diplotext.structure.sections import match_byline, match_dateline, match_notes

Pattern = re.Pattern[str]

#: How many lines at the top of a text may hold headline, byline, date and dateline.
TOP = 8
_LIST_ITEM = re.compile(r"\s*(?:[-*+•·]\s|[A-Z][A-Z .’'-]{1,40}:\s|\d{1,3}[.)]|#{1,6}|>|\||<|[=-]{3,})")
_WORD = re.compile(r"[^ \n]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
# What is left where the last byte was lost on the way: cp1252 has no character for that of a closing mark, and a
# no-break space became a plain one.
_HALF_BROKEN = {"â€": "”", 'â€"': "—", "Â": ""}
_HALF_MARK = re.compile("â€(?![^\x00-\x7f])")
# Lead byte and continuation bytes of UTF-8, as cp1252 or Latin-1 shows them.
_MULTIBYTE = re.compile(
    "(?:(?![ÄÅËÎÏÐÑ]’)[ÂÃÄÅËÎÏÐÑ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|[âãï][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}"
    "|ð[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{3})+"
)


def iter_lines(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield start and end of each line that holds more than white space."""
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end > start and not (text[start].isspace() and text[start:end].isspace()):
            yield start, end
        start = end + 1


def remove_line(text: str, start: int, end: int) -> Change:
    """Return the change that removes a line with the breaks after it."""
    while end < len(text) and text[end].isspace():
        end += 1
    return Change(start, end if end == len(text) else text.rfind("\n", start, end) + 1 or end)


def remove_lines(text: str, spans: list[tuple[int, int]]) -> list[Change]:
    """Return the changes that remove several lines, given in order; neighbours are joined."""
    changes: list[Change] = []
    for start, end in spans:
        change = remove_line(text, start, end)
        if changes and change.start <= changes[-1].end:
            changes[-1] = Change(min(changes[-1].start, change.start), max(changes[-1].end, change.end))
        else:
            changes.append(change)
    return changes


def last_sentences(text: str, reach: int = 700) -> Iterator[tuple[int, int]]:
    """Yield the text's last sentence, its last two, and so on, as far as they share a line with what is before."""
    end = len(text.rstrip())
    low = max(text.rfind("\n", 0, end) + 1, end - reach)
    for start, _ in find_sentences(text, low, end)[:0:-1][:6]:
        yield start, end


def yaml_head(draft: Draft, pattern: Pattern) -> list[Change]:
    """Remove a head of metadata between two lines of dashes; the loader has read it."""
    found = pattern.match(draft.text)
    if not found:
        return []
    draft.markdown = True
    return [Change(0, found.end())]


def hard_wraps(draft: Draft, pattern: Pattern) -> list[Change]:
    """Join the lines of a hard-wrapped text.

    A text is hard-wrapped where its lines are short and most breaks come where the next word would not have fitted, or
    where a YAML head says that it is Markdown. Then a break is joined unless the next word would have fitted (in
    Markdown even so), the next line is an item of a list or a speaker's turn, or the line ends in two spaces
    (Markdown's own break).
    """
    text, markdown = draft.text, draft.markdown
    draft.markdown = False
    number = text.count("\n")
    # The quick ways out: lines longer than any that was wrapped, or none but blank lines.
    if not markdown and (len(text) > 130 * (number + 1) or number - 2 * text.count("\n\n") < 2):
        return []
    breaks = [m.start() for m in pattern.finditer(text)]
    if len(breaks) < (1 if markdown else 2):
        return []
    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    lengths = sorted(len(text[s:e].rstrip()) for s, e in lines)
    width = lengths[int(0.95 * (len(lengths) - 1))]
    if not 40 <= width <= 120 and not markdown:
        return []
    forced: list[int] = []
    loose: list[int] = []
    for at in breaks:
        start = text.rfind("\n", 0, at) + 1
        word = _WORD.search(text, at + 1)
        if _LIST_ITEM.match(text, at + 1) or text.endswith("  ", start, at) or not word:
            continue
        if not markdown and text.startswith("    ", at + 1):  # an indented paragraph; in Markdown a list item goes on
            continue
        if markdown and at - start > 2 * width:  # a whole paragraph to a line
            continue
        fits = not markdown and len(text[start:at].rstrip()) + 1 + word.end() - word.start() <= width
        (loose if fits else forced).append(at)
    if not markdown and (len(forced) < 2 or len(forced) < 1.5 * len(loose)):
        return []
    # Where wrapping is certain, a line that goes on in small letters was wrapped too (its width was another's).
    forced += [at for at in loose if text[at + 1].islower() and text[at - 1] not in '.:!?”"']
    changes = []
    for at in sorted(forced):
        end = at
        while end and text[end - 1] in " \t":
            end -= 1
        hyphen = text[end - 1] == "-" and text[end - 2].isalpha() and text[at + 1].islower()
        changes.append(Change(end, at + 1, "" if hyphen else " "))
    return changes


def mojibake(draft: Draft, pattern: Pattern) -> list[Change]:
    """Decode again what was decoded with the wrong table, and nothing else of the text."""
    changes = []
    for found in pattern.finditer(draft.text):
        broken = found.group()
        around = draft.text[found.start() - 1 : found.start()] + draft.text[found.end() : found.end() + 1]
        inside = len(around) == 2 and around.isalnum()
        repaired = broken if broken in _HALF_BROKEN else _decode(broken)
        if not inside:  # between two letters there was no quote mark
            repaired = _HALF_BROKEN.get(repaired) or _HALF_MARK.sub("”", repaired)
        if repaired != broken:
            changes.append(Change(found.start(), found.end(), repaired))
    return changes


def _decode(broken: str) -> str:
    """Return what the broken characters stood for; those that cannot be told stay."""
    if len(broken) == 1:
        return broken.encode("latin-1").decode("cp1252", "ignore") if broken < "\xa0" else broken
    repaired = _MULTIBYTE.sub(_redecode, broken)
    if repaired == broken and len(broken) > 2:
        import ftfy

        # uncurl_quotes would straighten the marks that carry the evidence; the rest has rules of its own.
        config = ftfy.TextFixerConfig(
            unescape_html=False, remove_terminal_escapes=False, fix_latin_ligatures=False, fix_character_width=False,
            uncurl_quotes=False, fix_line_breaks=False, remove_control_chars=False, fix_c1_controls=False,
            normalization=None, explain=False,
        )  # fmt: skip
        repaired = ftfy.fix_text_segment(broken, config)
    return repaired


def _redecode(match: re.Match[str]) -> str:
    """Decode as UTF-8, as often as it was encoded: valid sequences of several bytes do not come about by chance."""
    text = match[0]
    while True:
        try:
            once = b"".join(_cp1252_byte(c) for c in text).decode("utf-8")
        except UnicodeError:
            return text
        if once == text:
            return text
        text = once


def _cp1252_byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")  # five bytes that cp1252 leaves undefined


def escapes(draft: Draft, pattern: Pattern) -> list[Change]:
    """Resolve what was escaped once or more often: HTML entities, and what JSON writes with a backslash."""
    changes = []
    for found in pattern.finditer(draft.text):
        plain = escaped = found.group()
        if escaped.startswith("\\u"):
            code = int(escaped[2:], 16)
            plain = chr(code) if code > 31 and not 0xD800 <= code < 0xE000 else escaped
        elif escaped.startswith("\\"):
            plain = "\n"
        else:
            while (once := html.unescape(plain)) != plain:
                plain = once
        if plain != escaped:
            changes.append(Change(found.start(), found.end(), plain))
    return changes


def notes(draft: Draft, pattern: Pattern) -> list[Change]:
    """Take contributor lines, corrections and editor's notes out, wherever they stand."""
    text = draft.text
    credited = "contributed" in text or "reported from" in text

    def is_note(start: int, end: int) -> bool:
        return bool(credited or pattern.match(text, start, end)) and match_notes(text[start:end].strip())

    found = []
    for start, end in iter_lines(text):
        if not is_note(start, end):
            continue
        if not pattern.match(text, start, end):  # a credit, perhaps behind the story's last words: only they stay
            credits = itertools.takewhile(lambda s: is_note(*s), reversed(find_sentences(text, start, end)))
            start = min((s for s, _ in credits), default=start)
        found.append((start, end))
    if not found:
        found = [span for span in last_sentences(text) if is_note(*span)][:1]
    for i, (start, end) in enumerate(found):
        if end - start < 40 and text[start:end].rstrip().endswith(":"):  # a heading: the note is the next line
            found[i] = (start, next((e for s, e in iter_lines(text, end)), end))
    draft.notes += [" ".join(text[s:e].split()) for s, e in found]
    return remove_lines(text, found)


def copyright_line(draft: Draft, pattern: Pattern) -> list[Change]:
    """Take the copyright line out and keep its (last) year."""
    text = draft.text
    found = [(s, e) for s, e in iter_lines(text) if e - s < 600 and pattern.fullmatch(text, s, e)]
    if not found:
        found = next(([(s, e)] for s, e in last_sentences(text) if pattern.fullmatch(text, s, e)), [])
    for s, e in found:
        years = _YEAR.findall(text, s, e)
        if years and draft.year is None:
            draft.year = int(years[-1])
    return remove_lines(text, found)


def byline(draft: Draft, pattern: Pattern) -> list[Change]:
    """Take the line that names the authors out of the top of the text."""
    text = draft.text
    for place, (start, end) in enumerate(iter_lines(text)):
        if place >= TOP:
            break
        line = text[start:end].strip()
        if len(line) <= 200 and pattern.match(line) and (authors := match_byline(line)):
            draft.byline = draft.byline or authors
            return [remove_line(text, start, end)]
    return []


def printed_date(draft: Draft, pattern: Pattern) -> list[Change]:
    """Take a line that holds nothing but a date or a time out of the top of the text, and keep it."""
    text = draft.text
    found = []
    for place, (start, end) in enumerate(iter_lines(text)):
        if place >= TOP:
            break
        if end - start <= 120 and (match := pattern.fullmatch(text[start:end].strip())):
            found.append((start, end))
            if match["date"]:
                draft.date = draft.date or match["date"]
    return remove_lines(text, found)


def dateline(draft: Draft, pattern: Pattern) -> list[Change]:
    """Take the place and agency out that stand before the story's first words."""
    text = draft.text
    changes: list[Change] = []
    paragraphs = 0  # a caption or a summary may stand before the first paragraph, hardly more
    for place, (start, end) in enumerate(iter_lines(text)):
        if place >= TOP or paragraphs == 3:
            break
        paragraphs += end - start > 150
        if not pattern.match(text, start, end) or not (found := match_dateline(text[start:end])):
            continue
        printed = text[start : start + found.end]
        if printed.rstrip().endswith(":") and f"\n{text}".count(f"\n{printed.strip()}") > 1:  # a speaker named so
            continue
        if draft.dateline is None:
            draft.dateline = printed.strip().rstrip(" \t-–—―:|.,").rstrip() or None
            draft.date = found.date or draft.date
        if start + found.end >= end:
            changes.append(remove_line(text, start, end))
        else:
            changes.append(Change(start, start + found.end))
    return changes


def stray_stops(draft: Draft, pattern: Pattern) -> list[Change]:
    """Take out a second full stop that stands apart (``come. . The``); three of them are an ellipsis and stay."""
    text = draft.text
    changes = []
    for found in pattern.finditer(text):
        if found.group().count(".") == 2 or found.group()[0] != ".":
            start = found.start() + 1
            while text[start] in "”’\"')]":
                start += 1
            changes.append(Change(start, found.end()))
    return changes


def outer_space(draft: Draft, pattern: Pattern) -> list[Change]:
    """Take white space off both ends of the text."""
    text = draft.text
    inner = text.strip()
    start = text.find(inner) if inner else len(text)
    ends = (Change(0, start), Change(start + len(inner), len(text)))
    return [c for c in ends if c.end > c.start]
