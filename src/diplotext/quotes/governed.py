"""Source first: a verb with its subject before it and what it governs after it."""

from __future__ import annotations

from itertools import islice

from diplotext.quotes.clause import VERBS
from diplotext.quotes.cues import Entry, Match
from diplotext.quotes.phrases import Group, Source, find_group, find_subject, scan_left, scan_right
from diplotext.quotes.statement import Found
from diplotext.quotes.tagged import TagReader
from diplotext.quotes.tokens import words

_PERSON_ONLY = frozenset({"tell"})


class VerbReader(TagReader):
    """Finds statements that a verb governs."""

    def _verb(self, i: int, match: Match, low: int, high: int) -> Found | None:
        tokens, entry, end = self.tokens, match.entry, match.end
        token = tokens[i]
        group = find_group(tokens, i, low)
        if token.tag == "name" and i > low and not self.titled:
            return None
        if group.passive and entry.form in ("ed", "part"):
            return self._quoted_as(group, match, low, high) or self._asked(i, match, low, high)
        if entry.cue == "ask" and i > low and tokens[i - 1].lower in ("when", "if", "once", "after", "repeatedly"):
            return self._asked(i, match, low, high)
        if token.tag in ("prep", "sub") and not group.auxiliary and not (i > low and tokens[i - 1].tag == "pron"):
            return None
        if entry.form == "part" and not group.auxiliary:
            return None
        before = tokens[group.start - 1] if group.start > low else None
        subject: Source | None = None
        how = "finite"
        if entry.form == "ing" and not group.auxiliary:
            how = "participle"
            if before is not None and before.tag in ("det", "poss", "name") and before.tag != "name":
                return None
            if before is not None and before.tag == "prep" and entry.cue in ("find", "see", "show", "know"):
                return None
            subject = (
                self._modified(group.start, low)
                or self._main_subject(max(low, self.done), group.start)
                or self.subject
                or self._main_subject(low, group.start)
            )
        elif group.infinitive:
            how = "infinitive"
            subject = self._near_subject(max(low, self.done), group.start) or self.subject
        else:
            nominal = before is not None and before.tag in ("det", "poss", "prep", "obj", "to")
            if nominal and not group.auxiliary and entry.form in ("base", "s"):
                return None
            subject = find_subject(tokens, group.start, low)
            if subject is None and (before is None or before.tag in ("cc", ",", "adv")):
                if before is None and self.subject is None:
                    return None
                if entry.form == "base":
                    return None
                subject = self.subject or self._main_subject(low, group.start)
                how = "carried"
            if subject is None:
                return None
            if how == "finite" and not self._agrees(i, entry, group, subject):
                return None
            if entry.form in ("ed", "s") and token.tag == "name" and how != "finite" and i > 0:
                return None
        if entry.form == "ed" and not group.auxiliary and end < self.size and tokens[end].lower == "by":
            return None
        extracted = self._extracted(subject, end, high, entry) if subject is not None and how == "finite" else None
        content = extracted or self._content(end, entry, high, subject)
        if content is None:
            return None
        regions, frame, addressee, reported, waits = content
        if subject is None and before is None and how == "participle":
            subject = self._next_subject(regions[-1][1] if regions else end)
        cue_end = end
        if frame == "quote:":
            cue_end = self._colon(end)
            frame = "quote"
        if subject is not None and how == "finite":
            self.subject = subject
        kind = entry.frames.get(frame) or next(iter(entry.frames.values()))
        pattern = f"{how} {frame}"
        cue = (group.start, cue_end)
        if subject is not None and how != "finite" and self.subject is subject and subject.end > group.start:
            return None
        return Found(regions, cue, subject, kind, pattern, entry.cue, addressee, reported, waits)

    def _modified(self, at: int, low: int) -> Source | None:
        """Return the noun phrase that a participle right after it modifies: "a poll showing ..."."""
        tokens = self.tokens
        if at <= low or tokens[at - 1].tag not in ("name", "word") or tokens[at - 1].lower in words("occasion"):
            return None
        start = scan_left(tokens, at, low)
        return Source(start, at, None, "modified") if start < at else None

    def _near_subject(self, low: int, stop: int) -> Source | None:
        """Return the subject of the nearest finite verb before token `stop`."""
        tokens = self.tokens
        verbs = (k for k in range(stop - 1, max(low, stop - 40), -1) if tokens[k].tag in ("verb", "aux", "ed"))
        for k in islice(verbs, 5):
            found = find_subject(tokens, find_group(tokens, k, low).start, low)
            if found is not None:
                return found
        return None

    def _next_subject(self, comma: int) -> Source | None:
        """Return the subject of the first finite verb after a participle's clause: "Noting that ..., X left"."""
        tokens, low = self.tokens, comma + 1
        if comma < self.size and tokens[comma].tag == ",":
            for k in range(low + 1, min(self.size, low + 25)):
                if tokens[k].tag in ("verb", "aux", "ed"):
                    return find_subject(tokens, find_group(tokens, k, low).start, low)
        return None

    def _main_subject(self, low: int, stop: int) -> Source | None:
        """Return the subject of the unit's first finite verb."""
        tokens = self.tokens
        begin = low
        while begin < stop and tokens[begin].tag in (",", "cc", "-"):
            begin += 1
        if begin < stop and tokens[begin].tag in ("prep", "sub", "ing", "time", "adv", "ed"):
            comma = next((k for k in range(begin, stop) if tokens[k].tag == ","), None)
            if comma is not None:
                begin = comma + 1
        verbs = (k for k in range(begin + 1, stop) if tokens[k].tag in ("verb", "aux", "ed"))
        for k in islice(verbs, 5):
            found = find_subject(tokens, find_group(tokens, k, begin).start, begin)
            if found is not None and found.how != "relative":
                return found
        return None

    def _content(
        self, at: int, entry: Entry, high: int, subject: Source | None
    ) -> tuple[list[tuple[int, int]], str, tuple[int, int] | None, tuple[int, int] | None, bool] | None:
        """Find what the cue governs from token `at` on."""
        tokens, frames = self.tokens, entry.frames
        addressee: tuple[int, int] | None = None
        if at < high and "person" in frames and tokens[at].tag not in {"Q", ":"}:
            end = (
                at + 1
                if tokens[at].tag in ("obj", "pron")
                else scan_right(tokens, at, self._stop_of_source(at), long=False)
            )
            if end > at and end < high:
                addressee, at = (at, end), end
        if at >= high:
            return None
        token = tokens[at]
        if entry.cue == "quote":
            for k in range(at + 1, min(high, at + 25)):
                if (
                    tokens[k].lower == "as"
                    and k + 1 < high
                    and tokens[k + 1].lower in ("saying", "telling", "warning", "writing")
                ):
                    start = k + 2
                    if subject and (start >= high or tokens[start].tag in (".", "time", "prep")):
                        # "...," Y quoted X as saying
                        before = (self.done, subject.start)
                        return ([before], "object", None, (at, k), False) if before[0] < before[1] else None
                    return [(start, self._clause_end(start, high, "clause"))], "object", None, (at, k), False
        if token.tag == ":" and "quote" in frames:
            if at + 1 >= high:
                return [], "quote:", addressee, None, True
            return [(at + 1, self._clause_end(at + 1, high, "quote"))], "quote:", addressee, None, False
        if token.tag == "Q" and "quote" in frames:
            return [(at, self._clause_end(at, high, "quote"))], "quote", addressee, None, False
        if token.lower == "that" and "that" in frames and at + 1 < high:
            return [(at, self._clause_end(at, high, "clause", subject))], "that", addressee, None, False
        if token.lower in words("question") and "wh" in frames:
            return [(at, self._clause_end(at, high, "clause", subject))], "wh", addressee, None, False
        if token.tag == "to" and "to" in frames:
            return [(at, self._clause_end(at, high, "to", subject))], "to", addressee, None, False
        if entry.cue in _PERSON_ONLY and addressee is not None and token.tag == "to":
            return [(at, self._clause_end(at, high, "to", subject))], "to", addressee, None, False
        # "said on Monday that", "said in a statement: '...'"
        if token.tag == "ing" and entry.cue.endswith(("statement", "message", "word")):
            return None  # the participle is the cue: "released a statement calling for"
        if token.tag == "to" and entry.cue not in ("say", "write", "tweet", "add"):
            return None
        dated = token.lower in ("late", "early") and at + 1 < high and tokens[at + 1].tag in ("time", "prep")
        if (dated or token.tag in ("time", "prep", "adv", ",", "to")) and ("that" in frames or "quote" in frames):
            later = self._late_content(at, high, frames)
            if later is not None:
                return (
                    [(later[0], self._clause_end(later[0], high, later[1], subject))],
                    later[1].replace("clause", "that"),
                    addressee,
                    None,
                    False,
                )
        if (
            addressee is not None
            and entry.cue in ("tell", "remind", "assure", "inform", "warn")
            and self._starts_clause(at, high)
        ):
            return [(at, self._clause_end(at, high, "clause", subject))], "clause", addressee, None, False
        if addressee is not None and entry.cue in ("tell",):
            return None
        if addressee is not None:
            at, addressee = addressee[0], None
            token = tokens[at]
        if "clause" in frames and self._starts_clause(at, high):
            return [(at, self._clause_end(at, high, "clause", subject))], "clause", addressee, None, False
        if "object" in frames and self._starts_phrase(at, high):
            end = self._clause_end(at, high, "object", subject)
            return ([(at, end)], "object", addressee, None, False) if end > at else None
        if "as" in frames and token.lower == "as":
            return [(at, self._clause_end(at, high, "object", subject))], "as", addressee, None, False
        return None

    def _late_content(self, at: int, high: int, frames: dict[str, str]) -> tuple[int, str] | None:
        tokens = self.tokens
        for k in range(at, min(high, at + 22)):
            token = tokens[k]
            if token.lower == "that" and "that" in frames and k > at:
                follows = tokens[k + 1] if k + 1 < high else None
                if tokens[k - 1].tag == "prep" or follows is None or follows.tag in VERBS:
                    return None
                return k, "clause"
            opened = tokens[k - 1].tag in {",", ":"} or token.end - token.start > 70
            if token.tag == "Q" and "quote" in frames and opened:
                return k, "quote"
            if token.tag in ("aux", "verb", "pron", "rel", ";", "-") and token.lower not in ("it",):
                # "said Monday he would go": a clause starts here
                if (
                    token.tag == "pron"
                    and "clause" in frames
                    and k > at
                    and tokens[k - 1].tag in ("time", "word", "name", "num")
                ):
                    return k, "clause"
                return None
            if (
                k > at and token.tag in ("det", "name", "word") and "clause" in frames and tokens[k - 1].tag == "time"
                and self._starts_clause(k, high)
            ):  # fmt: skip
                return k, "clause"
        return None

    def _extracted(
        self, subject: Source, end: int, high: int, entry: Entry
    ) -> tuple[list[tuple[int, int]], str, None, None, bool] | None:
        """Read "what X called ...", "which X says will ...": the relative word belongs to the content."""
        tokens, head = self.tokens, subject.start - 1
        if head < 0 or subject.how == "relative" or end >= high:
            return None
        first = tokens[head].lower
        if first not in ("what", "which", "that", "who", "whom"):
            return None
        after = tokens[end]
        if first == "what" and entry.cue in (
            "call",
            "describe",
            "term",
            "dub",
            "deem",
            "label",
            "consider",
            "see",
            "view",
        ):
            start = end + (after.lower == "as")
            return [(head, head + 1), (start, self._clause_end(start, high, "object"))], "extracted", None, None, False
        if "clause" in entry.frames and after.tag in ("aux", "verb", "ed") and (first == "what" or head > 0):
            return [(head, head + 1), (end, self._clause_end(end, high, "object"))], "extracted", None, None, False
        return None

    def _quoted_as(self, group: Group, match: Match, low: int, high: int) -> Found | None:
        """Read "X was quoted by Y as saying ...", "'...,' X was quoted as saying": X is the source, Y passes it on."""
        tokens, end = self.tokens, match.end
        said = next((k for k in range(end, min(high - 1, end + 12)) if tokens[k].lower == "as"), None)
        if match.entry.cue not in ("quote", "cite") or said is None or tokens[said + 1].tag != "ing":
            return None
        source = find_subject(tokens, group.start, low)
        if source is None:
            return None
        agent = (end + 1, said) if tokens[end].lower == "by" else None
        start = said + 2
        if start < high and tokens[start].lower == "by":
            agent = (start + 1, scan_right(tokens, start + 1, self._stop_of_source(start + 1), long=False))
            start = agent[1]
        region = (start, self._clause_end(start, high, "clause")) if start < high else (start, start)
        if not self._is_clause(*region):
            region = (low, source.start)
        if region[1] <= region[0]:
            return None
        cue_end = self._colon(said + 2)
        return Found([region], (group.start, cue_end), source, "speech", "quoted as", match.entry.cue, agent)

    def _asked(self, i: int, match: Match, low: int, high: int) -> Found | None:
        """Read "when asked whether ...", a question whose asker is not printed."""
        tokens, end = self.tokens, match.end
        before = tokens[i - 1].lower if i > low else ""
        if match.entry.cue != "ask" or before not in ("when", "if", "once", "after") or end >= high:
            return None
        if tokens[end].lower not in (
            "whether",
            "if",
            "how",
            "why",
            "what",
            "who",
            "about",
            "to",
            "by",
            "where",
            "when",
        ):
            return None
        if tokens[end].lower == "by":
            return None
        cue = (i, end + (tokens[end].lower == "about"))
        stop = next((k for k in range(cue[1], high) if tokens[k].tag in {",", ".", ";"}), high)
        return Found([(cue[1], stop)], cue, None, "speech", "asked", match.entry.cue) if stop > cue[1] else None

    def _colon(self, at: int) -> int:
        return at + 1 if at < self.size and self.tokens[at].tag == ":" else at
