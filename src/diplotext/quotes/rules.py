"""Statements in one unit of text (a sentence, or the sentences that one quotation spans): cue, source and content."""

from __future__ import annotations

from diplotext.quotes.clause import VERBS
from diplotext.quotes.cues import Match
from diplotext.quotes.governed import VerbReader
from diplotext.quotes.phrases import Source, find_group, find_subject, scan_left, scan_right
from diplotext.quotes.statement import Found, Statement, locate
from diplotext.quotes.tokens import Token, words

#: the longest unit read as one, in tokens: text without full stops must not cost its square.
_WINDOW = 400


def find_statements(tokens: list[Token]) -> list[Statement]:
    """Return the outermost statements of one unit, in order of their content.

    It does not look beyond the unit: a quotation without a cue of its own is joined to its neighbours elsewhere.
    """
    found: list[Statement] = []
    for start in range(0, len(tokens), _WINDOW):
        window = tokens[start : start + _WINDOW]
        found += [locate(window, statement) for statement in _Reader(window).read()]
    return found


def claims_quotation(quoted: list[Token], tokens: list[Token]) -> bool:
    """Tell whether `tokens`, a sentence, say who spoke the quotations that stand right before it."""
    return _Reader([*quoted, *tokens]).claims(len(quoted))


class _Reader(VerbReader):
    """Reads one unit from left to right."""

    def read(self) -> list[Found]:
        tagged = self._read_tagged()
        taken: list[tuple[int, int]] = []
        for found in tagged:
            taken += found.regions
            taken.append(found.cue)
            if found.source:
                taken.append((found.source.start, found.source.end))
        result = list(tagged)
        if (not result or self.titled) and (headed := self._headed()) is not None:
            return [headed]
        at = 0
        for i in sorted(self.matches):
            if i < at:
                continue
            low, high = 0, self.size
            if taken:
                if any(s <= i < e for s, e in taken):
                    continue
                low = max((e for _, e in taken if e <= i), default=0)
                high = min((s for s, _ in taken if s > i), default=self.size)
            forward = self._read_forward(i, low, high)
            if forward is not None:
                result.append(forward)
                at = self.done = max(forward.cue[1], max((e for _, e in forward.regions), default=0))
        self._introduce(result)
        return sorted(result, key=lambda f: min([f.cue[0], *(s for s, _ in f.regions)]))

    def _introduce(self, result: list[Found]) -> None:
        """Read "X was clear: '...'", "X put it this way: '...'": a colon before an utterance, whatever the verb."""
        tokens = self.tokens
        colon = next((k for k in range(2, self.size - 1) if tokens[k].tag == ":" and self._utterance_follows(k + 1)), 0)
        if not colon or any(s <= colon + 1 < e for found in result for s, e in found.regions):
            return
        last = next((f for f in result if f.regions and f.regions[-1][1] == colon), None)
        if last is None:
            cue, source = self._last_verb(colon)
        elif last.pattern.endswith("object"):  # "put it this way:"
            cue, source = last.cue[0], last.source
            result.remove(last)
        else:
            cue, source = colon, last.source
        if source is not None and tokens[source.start].lower in ("there", "this", "that", "which"):
            source = None
        if source is None:
            return
        region = (colon + 1, self._clause_end(colon + 1, self.size, "quote"))
        result.append(Found([region], (cue, colon + 1), source, "speech", "introduced quote", ":"))

    def _last_verb(self, stop: int) -> tuple[int, Source | None]:
        """Return the beginning and the subject of the last finite verb before token `stop` that has one."""
        tokens = self.tokens
        for verb in range(stop - 1, max(0, stop - 40), -1):
            if tokens[verb].tag in ("aux", "verb", "ed"):
                group = find_group(tokens, verb, 0)
                source = None if group.infinitive else find_subject(tokens, group.start, 0)
                if source is not None:
                    return group.start, source
        return stop, None

    def _read_forward(self, i: int, low: int, high: int) -> Found | None:
        for match in self.matches[i]:
            word_class = match.entry.word_class
            if word_class == "verb":
                found = self._verb(i, match, low, high)
            elif word_class == "noun":
                found = self._noun(i, match, low, high)
            elif word_class == "adjective":
                found = self._adjective(i, match, low, high)
            elif word_class == "adverb":
                found = self._reportedly(i, match, low, high)
            elif word_class in ("passive", "raising"):
                found = self._raised(i, match, low, high)
            else:
                found = None
            if found is not None:
                return found
        return None

    def _noun(self, i: int, match: Match, low: int, high: int) -> Found | None:
        tokens, entry, end = self.tokens, match.entry, match.end
        if end >= high:
            return None
        if (i > low and tokens[i - 1].tag in ("to", "pron", "aux")) or (i > low and tokens[i - 1].tag == "rel"):
            return None
        after = tokens[end]
        start = i
        while start > low and tokens[start - 1].tag in ("word", "ed", "ing", "num") and start > i - 4:
            start -= 1
        source: Source | None = None
        owner = tokens[start - 1] if start > low else None
        if owner is not None and owner.tag == "poss":
            begin = scan_left(tokens, start, low)
            source = Source(begin, start) if begin < start else None
        elif owner is not None and owner.lower in ("his", "her", "their", "its", "my", "our"):
            source = Source(start - 1, start)
        if after.lower == "that" and "that" in entry.frames and end + 1 < high and tokens[end + 1].tag not in VERBS:
            region, frame = (end, self._clause_end(end, high, "clause", None)), "that"
        elif after.lower in ("of", "by", "from") and "that" in entry.frames and (
            (close := scan_right(tokens, end + 1, high, long=False)) + 1 < high and tokens[close].lower == "that"
        ):  # fmt: skip
            region, frame = (close, self._clause_end(close, high, "clause", None)), "that"
        elif after.tag == "to" and "to" in entry.frames and source is not None:
            region, frame = (end, self._clause_end(end, high, "object", None)), "to"
        elif entry.rest and "object" in entry.frames and self._starts_phrase(end, high) and source is not None:
            region, frame = (end, self._clause_end(end, high, "object", None)), "object"
        else:
            return None
        if source is None and entry.frames.get("that") and frame == "that" and region[0] > end:
            source = Source(end + 1, region[0])
        if source is None and owner is not None and owner.tag in ("det", "verb", "ed"):  # "X made the claim that"
            source = self._near_subject(max(low, self.done), start)
            if source is not None and tokens[source.start].lower in ("there", "it"):
                source = None
        stop = region[1]
        for k in range(region[0] + 1, region[1]):  # the noun phrase is a subject: its verb ends it
            if frame == "object" and tokens[k].tag in ("aux", "verb"):
                stop = k
                break
        return Found(
            [(region[0], stop)],
            (start, end) if owner is None or owner.tag != "det" else (i, end),
            source,
            entry.frames[frame],
            f"noun {frame}{'' if source else ' alone'}",
            entry.cue,
        )

    def _adjective(self, i: int, match: Match, low: int, high: int) -> Found | None:
        tokens, entry, end = self.tokens, match.entry, match.end
        at = i
        while at > low and tokens[at - 1].tag == "adv":
            at -= 1
        if (
            at <= low
            or not (tokens[at - 1].lower in words("be") or tokens[at - 1].lower in words("seem"))
            or end >= high
        ):
            return None
        group = find_group(tokens, at - 1, low)
        subject = find_subject(tokens, group.start, low)
        if subject is None or tokens[subject.start].lower in ("it", "there"):
            return None
        content = self._content(end, entry, high, subject)
        if content is None:
            return None
        self.subject = subject
        return Found(
            content[0], (group.start, end), subject, entry.frames[content[1]], f"adjective {content[1]}", entry.cue
        )

    def _reportedly(self, i: int, match: Match, low: int, high: int) -> Found | None:
        """Read "X reportedly did ...": the words on both sides are the content."""
        tokens = self.tokens
        at = i
        while at > low and tokens[at - 1].tag == "aux":
            at -= 1
        subject = find_subject(tokens, at, low)
        if subject is None:
            return None
        stop = self._clause_end(i + 1, high, "to")
        kind = next(iter(match.entry.frames.values()))
        return Found([(subject.start, i), (i + 1, stop)], (i, i + 1), None, kind, "reportedly", match.entry.cue)

    def _raised(self, i: int, match: Match, low: int, high: int) -> Found | None:
        """Read "X is expected to ...", "X appears to ...": content on both sides of the cue, and no source printed."""
        tokens, entry, end = self.tokens, match.entry, match.end
        group = find_group(tokens, i, low)
        if entry.word_class == "passive" and not (group.passive and entry.form in ("ed", "part")):
            return None
        if entry.word_class == "raising" and (group.passive or group.infinitive or end >= high):
            return None
        subject = find_subject(tokens, group.start, low)
        if subject is None or end >= high:
            return None
        after = tokens[end]
        if "person" in entry.frames:
            if not (
                after.lower in ("that", "about", "to", "if", "whether", "of", "with", "how", "why", "what")
                or (entry.rest and self._starts_phrase(end, high))
            ):
                return None
            return Found(
                [(subject.start, subject.end), (end, self._clause_end(end, high, "to", subject))],
                (group.start, end),
                None,
                entry.frames["person"],
                "passive person",
                entry.cue,
            )
        frame = (
            "to"
            if after.tag == "to" and "to" in entry.frames
            else "as"
            if after.lower == "as" and "as" in entry.frames
            else None
        )
        start = end
        if frame == "as":
            start = end + 1
        if frame is None and entry.rest and "object" in entry.frames and self._starts_phrase(end, high):
            frame = "object"
        if frame is None and entry.word_class == "raising" and after.tag in ("word", "ed", "ing", "adv", "det"):
            frame = "to"
        if frame is None:
            return None
        stop = self._clause_end(start, high, "object" if frame != "to" else "to", subject)
        if stop <= start:
            return None
        cue = (group.start, start)
        return Found(
            [(subject.start, subject.end), (start, stop)],
            cue,
            None,
            next(iter(entry.frames.values())),
            f"{entry.word_class} {frame}",
            entry.cue,
        )
