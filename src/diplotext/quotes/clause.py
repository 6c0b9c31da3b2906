"""Clauses around a cue: where governed words begin and end."""

from __future__ import annotations

from functools import cached_property

from diplotext.quotes.cues import Entry, Match, load_cues, match_cues
from diplotext.quotes.phrases import Group, Source
from diplotext.quotes.tokens import Token, words

_GENERIC = Entry("", "verb", (), "ed", {"quote": "speech", "after": "speech"})
VERBS = frozenset({"aux", "verb", "ed", "pa"})
_CLAUSE_OPENERS = frozenset(
    ["pron", "pa", "det", "name", "word", "num", "poss", "Q", "adv", "sub", "rel", "prep", "ing"]
)


class ClauseReader:
    """One unit's tokens, and what can be told of its clauses."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.size = len(tokens)
        self.done = 0  # where the last statement with its source first ended
        self.subject: Source | None = None  # of the last finite cue, for participles and "and said"
        known = load_cues()
        self.matches: dict[int, list[Match]] = {
            i: found
            for i, t in enumerate(tokens)
            if t.lower in known and not (t.tag == "name" and self._in_name(i)) and (found := match_cues(tokens, i))
        }
        if any(t.tag == "Q" for t in tokens):
            for i, token in enumerate(tokens):
                if token.tag == "ed" and i not in self.matches and self._beside_quotation(i):
                    self.matches[i] = [Match(_GENERIC, i + 1)]

    @cached_property
    def titled(self) -> bool:
        """Tell whether most words are capitalised, finite verbs with them, as in a headline."""
        tags = [t.tag for t in self.tokens if t.tag in ("name", "word", "verb", "ed", "ing")]
        return tags.count("name") >= 0.7 * len(tags) and not {"verb", "ed"} & set(tags)

    def _in_name(self, i: int) -> bool:
        """Tell whether a capitalised word stands within a sentence, where it is part of a name: "Selm River States"."""
        return i > 0 and self.tokens[i - 1].tag not in {":", "-", ".", "Q"} and not self.titled

    def _ends(self, at: int) -> bool:
        return at >= self.size or self.tokens[at].tag in {".", ";"}

    def _is_clause(self, start: int, end: int) -> bool:
        return any(
            t.tag in VERBS or t.tag == "Q" or t.lower.endswith(("’s", "'s", "’re", "'re", "'m", "’m"))
            for t in self.tokens[start:end]
        )

    def _quoted(self, start: int, end: int) -> bool:
        """Tell whether the region closes with a quotation or holds one of a sentence's length."""
        region = [t for t in self.tokens[start:end] if t.tag not in {",", ".", "-"}]
        return bool(region) and (region[-1].tag == "Q" or any(t.tag == "Q" and t.end - t.start > 40 for t in region))

    def _adverbial(self, start: int, end: int) -> bool:
        """Tell whether the words before the source only set the scene: "In Tarsk on Monday, ...", "When asked, ..."."""
        tokens = self.tokens
        first = next((k for k in range(start, end) if tokens[k].tag not in ("cc", "adv", ",", "-")), end)
        if first >= end:
            return True
        opener = tokens[first]
        if opener.tag in ("prep", "ing", "ed", "to") or (
            opener.tag == "sub" and opener.lower not in ("what", "how", "why", "if")
        ):
            comma = next((k for k in range(first, end) if tokens[k].tag == ","), None)
            rest = tokens[comma + 1 : end] if comma is not None else []
            return not any(t.tag in ("aux", "verb", "ed") for t in rest)
        return False

    def _beside_quotation(self, i: int) -> bool:
        """Tell whether an unknown verb stands beside quoted words, as a reporting verb does."""
        tokens = self.tokens
        if i + 2 < self.size and tokens[i + 1].tag in {":", ","} and tokens[i + 2].tag == "Q":
            return tokens[i + 1].tag == ":" or tokens[i + 2].end - tokens[i + 2].start > 40
        if self._ends(i + 1) or tokens[i + 1].tag in ("time", "name", "prep"):
            return any(tokens[k].tag == "Q" and tokens[k].end - tokens[k].start > 25 for k in range(max(0, i - 4), i))
        return False

    def _agrees(self, i: int, entry: Entry, group: Group, subject: Source | None) -> bool:
        """Tell whether the form can be the finite verb of the subject."""
        if group.auxiliary:
            return True
        if subject is None:
            return entry.form in ("ed", "ing")
        last = self.tokens[subject.end - 1]
        if last.tag == ",":
            last = self.tokens[subject.end - 2]
            if entry.form == "ed":
                return True
        if entry.form == "base":
            if last.tag in ("rel", "num", "ed") or last.lower == "that":
                return True
            return any(
                t.lower.endswith("s") or t.lower in words("plural") for t in self.tokens[subject.start : subject.end]
            )
        if entry.form == "s":
            return last.tag != "num" and last.lower not in ("they", "we", "i", "you") and last.tag not in ("poss",)
        return last.tag != "poss"

    def _starts_clause(self, at: int, high: int) -> bool:
        """Tell whether a clause without "that" begins here: a subject, then a finite verb."""
        tokens = self.tokens
        token = tokens[at]
        if token.tag not in _CLAUSE_OPENERS or token.lower in words("no clause"):
            return False
        if token.tag == "prep" and token.lower not in words("clause preposition"):
            return False
        if token.tag == "pa":
            return at + 1 < high
        if token.tag == "pron":
            return at + 1 < high and (
                tokens[at + 1].tag not in {",", ".", "prep", "cc"} or tokens[at + 1].lower == "also"
            )
        for k in range(at + 1, min(high, at + 30)):
            tag = tokens[k].tag
            if tag in {".", ";", ":"}:
                return False
            if tag in ("aux", "verb", "pa") or (tag == "ed" and k > at + 1):
                return tokens[k - 1].tag not in ("to",)
            if tag == "rel" or tokens[k].lower == "that":
                continue
            if tag == "pron" and k > at and token.tag not in ("prep", "adv", "sub"):
                return False
        return False

    def _starts_phrase(self, at: int, high: int) -> bool:
        token = self.tokens[at]
        return token.tag in ("det", "name", "word", "num", "poss", "Q", "obj", "ing", "pron", "ed", "adv") or (
            token.lower in ("how", "what", "why", "whether", "those", "that") and at + 1 < high
        )

    def _stop_of_source(self, start: int) -> int:
        """Return where a source after its verb must have ended: before the next cue clause or quotation."""
        tokens = self.tokens
        for k in range(start, self.size):
            tag = tokens[k].tag
            if tag in {";", ":", "."} or (tag == "Q" and tokens[k].end - tokens[k].start > 45):
                return k
            if tag in (",", "-") and k + 1 < self.size:
                after = tokens[k + 1]
                if after.tag == "ing" or after.lower in ("as", "but", "and", "while", "when", "after", "in", "during"):
                    return k
                near = [m for j in (k + 2, k + 3) for m in self.matches.get(j, ())]
                if after.tag == "rel" and any(m.entry.word_class == "verb" for m in near):
                    return k
            if tag == "-":
                return k
        return self.size

    def _rest(self, at: int) -> tuple[int, int] | None:
        """Return the second half of an interrupted statement: "A, he said, B"."""
        tokens = self.tokens
        if at >= self.size or tokens[at].tag not in {",", "-", "Q"}:
            return None
        start = at + (tokens[at].tag != "Q")
        if start >= self.size:
            return None
        first = tokens[start]
        if tokens[at].tag == "-" and first.tag == "cc":
            return None
        if first.tag in ("ing", "rel") or first.lower in (
            "according",
            "as",
            "while",
            "who",
            "which",
            "including",
            "although",
            "though",
            "after",
            "when",
        ):
            return None
        if first.tag == "cc":
            for k in range(start + 1, min(self.size, start + 8)):
                if any(m.entry.word_class == "verb" and m.entry.form in ("ed", "s") for m in self.matches.get(k, ())):
                    return None
        end = self._clause_end(start, self.size, "tag")
        return (start, end) if end > start else None

    def _clause_end(self, start: int, high: int, frame: str, subject: Source | None = None) -> int:
        """Return where the governed words end."""
        tokens = self.tokens
        relative = (
            subject is not None
            and subject.how == "relative"
            and subject.start > 0
            and tokens[subject.start - 1].tag == ","
        )
        introductory = self._introductory(subject)
        depth = 0
        if frame == "quote" and tokens[start].tag == "Q" and start + 1 < high:
            after = tokens[start + 1]
            # a whole utterance ends with its mark; what hangs on a shorter one may belong to the report
            if after.tag in {",", ".", ";", "-", "ing"} or after.lower in words("after quote"):
                again = (
                    start + 2 < high
                    and after.tag == ","
                    and tokens[start + 2].tag in ("Q", "cc")
                    and any(t.tag == "Q" for t in tokens[start + 2 : start + 5])
                )
                if not again:
                    return start + 1
        for k in range(start, high):
            token = tokens[k]
            tag = token.tag
            if tag == "(":
                depth += 1
            elif tag == ")":
                if depth == 0:
                    return k
                depth -= 1
            if (tag in {".", ";"} or (tag == ":" and frame == "clause" and k > start + 2)) and not depth:
                return k
            if depth:
                continue
            if k + 1 >= high:
                break
            after = tokens[k + 1]
            if tag in (",", "-"):
                if introductory and k > start:
                    return k
                if relative and after.tag in ("aux", "verb", "ed", "adv") and k > start + 1:
                    return k
                if after.lower == "according" or (frame in ("clause", "tag") and after.lower in words("cut")):
                    return k
                if after.tag == "ing" and (after.lower in words("strong cue") or self._verb_at(k + 1, ("ing",))):
                    return k
                if (
                    after.tag == "adv"
                    and k + 2 < high
                    and tokens[k + 2].lower in words("strong cue")
                    and tokens[k + 2].tag == "ing"
                ):
                    return k
                if self._new_report(k + 1, high) or self._opens_quotation(k + 1, high):
                    return k
                if after.tag == "cc" and k + 3 < high and tokens[k + 2].tag == "adv" and tokens[k + 3].tag == ",":
                    continue
                if frame == "object" and (after.tag in ("cc", "rel", "sub", "ing", "prep") or after.tag == "pron"):
                    return k
                if (frame == "to" and after.tag in ("rel", "sub")) or (frame == "to" and after.lower in ("but",)):
                    return k
            elif tag == "cc" and k > start:
                if self._same_subject(k + 1, high):
                    return k
                aside = after.tag == "adv" and k + 2 < high and tokens[k + 2].tag == ","
                if frame == "object" and after.tag in ("ed", "verb", "aux", "adv", "pron") and not aside:
                    return k
            elif frame == "object" and k > start:
                if tag == "time" or (tag == "prep" and token.lower in ("on", "during") and after.tag == "time"):
                    return k
                if (
                    tag == "sub"
                    and token.lower
                    in (
                        "while",
                        "when",
                        "after",
                        "before",
                        "as",
                        "because",
                        "since",
                        "although",
                        "though",
                        "saying",
                    )
                    and (token.lower != "as" or after.tag == "pron")
                ):
                    return k
                if tag == "ing" and token.lower == "saying":
                    return k
                if (
                    tag == "prep"
                    and token.lower in ("during", "in")
                    and any(
                        t.lower in ("interview", "speech", "statement", "tweet", "debate", "press", "news")
                        for t in tokens[k + 1 : k + 4]
                    )
                ):
                    return k
            elif (tag == "ing" and token.lower in ("saying", "adding") and k > start + 1) or (
                token.lower == "according" and k > start and after.tag == "to"
            ):
                return k
        return high

    def _introductory(self, subject: Source | None) -> bool:
        """Tell whether the cue stands in a subordinate clause that opens the unit: "As X reiterated ..., Y"."""
        tokens = self.tokens
        if subject is None:
            return False
        first = next(
            (k for k in range(self.size) if tokens[k].tag not in ("cc", "adv") or tokens[k].lower in ("once",)), 0
        )
        return (
            tokens[first].tag == "sub" and tokens[first].lower not in ("that", "what", "how", "why", "whether")
            and subject.start > first and not any(t.tag == "," for t in tokens[first : subject.start])
        )  # fmt: skip

    def _verb_at(self, at: int, forms: tuple[str, ...]) -> bool:
        return any(
            m.entry.word_class == "verb" and m.entry.form in forms and ("that" in m.entry.frames or len(m.entry.rest))
            for m in self.matches.get(at, ())
        )

    def _new_report(self, at: int, high: int) -> bool:
        """Tell whether ", and X said ..." or ", while X said" begins a new statement at token `at`."""
        tokens = self.tokens
        if tokens[at].tag != "cc" and tokens[at].lower not in ("while", "though", "although"):
            return False
        for k in range(at + 1, min(high, at + 9)):
            if tokens[k].tag in {",", ".", ";", "Q", ":"} or tokens[k].tag in ("sub", "rel"):
                return False
            if tokens[k].tag in ("aux", "verb", "ed", "word") and tokens[k].lower in words("strong cue"):
                return k + 1 < high
            if tokens[k].tag == "verb":
                return False
        return False

    def _opens_quotation(self, at: int, high: int) -> bool:
        """Tell whether a source, its verb and a colon begin at token `at`: ", Toran added: '...'"."""
        tokens = self.tokens
        for k in range(at, min(high - 1, at + 9)):
            if tokens[k + 1].tag == ":" and k + 2 < high and tokens[k + 2].tag == "Q":
                return k > at and self._verb_at(k, ("ed", "s"))
            if tokens[k].tag not in ("name", "word", "det", "poss", "pron", "adv", "prep"):
                return False
        return False

    def _same_subject(self, at: int, high: int) -> bool:
        """Tell whether "and said that ...", "but added ..." begins at token `at`."""
        k = at
        while k < high and (self.tokens[k].tag == "adv" or self.tokens[k].lower in ("has", "have", "had")):
            k += 1
        if k + 1 >= high or not self._verb_at(k, ("ed", "s", "part")):
            return False
        after = self.tokens[k + 1]
        return after.lower == "that" or after.tag == "Q" or self.tokens[k].lower in words("strong cue")
