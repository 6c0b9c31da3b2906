"""Content first: "..., X said", "...," said X, "..., according to X", and headlines as "X: ..."."""

from __future__ import annotations

from diplotext.quotes.clause import ClauseReader
from diplotext.quotes.cues import Entry, Match
from diplotext.quotes.phrases import Source, find_group, find_subject, scan_right
from diplotext.quotes.statement import Found


class TagReader(ClauseReader):
    """Finds statements whose content stands before their cue."""

    def _read_tagged(self) -> list[Found]:
        found: list[Found] = []
        low = 0
        for i in sorted(self.matches):
            if i < low:
                continue
            read = (
                self._according(i, match, low) if match.entry.word_class == "phrase" else self._tag(i, match, low)
                for match in self.matches[i]
                if "after" in match.entry.frames
            )
            statement = next((found for found in read if found is not None), None)
            if statement is not None:
                found.append(statement)
                low = max(statement.cue[1], statement.regions[-1][1], statement.source.end if statement.source else 0)
        return found

    def _tag(self, i: int, match: Match, low: int) -> Found | None:
        tokens, entry = self.tokens, match.entry
        group = find_group(tokens, i, low)
        if entry.word_class != "verb" or group.passive or group.infinitive or entry.form == "ing":
            return None
        end = match.end
        subject = find_subject(tokens, group.start, low) if group.start > low else None
        if subject is not None and subject.how == "relative":
            return None
        if subject is not None and subject.start > low and tokens[subject.start - 1].tag in {",", "Q", "-", ".", "?"}:
            if not self._agrees(i, entry, group, subject):
                return None
            left = (self._dashed(low, subject.start), subject.start)
            after = self._skip_adverbials(end, entry)
            goes_on = after is not None and self._resumes(after[0])
            if not self._is_clause(*left) and not self._ends(end) and not goes_on:
                return None
            whole = all(t.tag in {"Q", ",", ".", "?"} for t in tokens[left[0] : left[1]])
            # after a quotation that waits for its tag (it ends in a comma), whatever follows the cue is no content
            waits = whole and any(t.tag == "Q" and t.lower.endswith((",", "?", "!")) for t in tokens[left[0] : left[1]])
            if after is None and waits and end < self.size and tokens[end].tag not in {":", "Q"}:
                stop = next((k for k in range(end, self.size) if tokens[k].tag in {",", ".", ";", "-", "Q"}), self.size)
                after = (stop, None)
            if after is None:
                return None
            if self._utterance_follows(after[0]) and not any(t.tag == "Q" for t in tokens[left[0] : left[1]]):
                return None
            quoted = any(t.tag == "Q" for t in tokens[low : subject.start])
            if not quoted and not goes_on and self._adverbial(*left):
                return None
            stop, addressee = after
            regions = [left]
            right = self._rest(stop)
            if right and (not whole or any(t.tag == "Q" for t in tokens[right[0] : right[0] + 2])):
                regions.append(right)
            cue = (group.start, end)
            self.subject = subject
            pattern = "after quote" if self._quoted(*left) else "after clause"
            return Found(regions, cue, subject, entry.frames["after"], pattern, entry.cue, addressee)
        # "...," said X
        if entry.form not in ("ed", "s") or group.auxiliary or group.start <= low:
            return None
        before = tokens[group.start - 1]
        if before.tag not in {",", "Q", ".", "-"} or end >= self.size:
            return None
        opener = tokens[end]
        if not (opener.tag in ("name", "det", "word", "num", "poss", "ed") or opener.tag == "pron"):
            return None
        left = (low, group.start)
        quoted = self._quoted(*left)
        if before.tag == "," and not quoted and not self._is_clause(*left):
            return None
        stop = self._stop_of_source(end)
        source_end = scan_right(tokens, end, stop, long=True)
        if source_end <= end:
            return None
        if not quoted:
            verb = next((k for k in range(end, source_end) if tokens[k].tag in ("verb", "aux")), None)
            if verb is not None and not any(t.tag == "rel" for t in tokens[end:verb]):
                return None
            if subject is not None and not (source_end >= self.size or tokens[source_end].tag in {",", ".", ";", "-"}):
                return None
        source = Source(end, source_end)
        regions = [left]
        skipped = self._skip_adverbials(source_end, None)
        right = self._rest(skipped[0]) if skipped else None
        if right and any(t.tag == "Q" for t in tokens[right[0] : right[0] + 2]):
            regions.append(right)
        self.subject = source
        pattern = "quote verb source" if quoted else "clause verb source"
        return Found(regions, (group.start, end), source, entry.frames["after"], pattern, entry.cue)

    def _according(self, i: int, match: Match, low: int) -> Found | None:
        tokens, end = self.tokens, match.end
        if end >= self.size:
            return None
        lead = (
            i == low
            or all(t.tag in ("cc", "adv", ",") for t in tokens[low:i])
            or tokens[i - 1].tag in ("sub", ";", ":")
        )
        stop = self._stop_of_source(end)
        if lead:
            comma = next((k for k in range(end, min(stop + 1, self.size, end + 40)) if tokens[k].tag == ","), None)
            if comma is None:
                return None
            close = comma
            while (
                close + 1 < self.size
                and tokens[close + 1].tag in ("det", "rel")
                and (
                    later := next(
                        (k for k in range(close + 1, min(self.size, close + 25)) if tokens[k].tag == ","), None
                    )
                )
            ):
                if any(t.tag in ("aux", "verb") for t in tokens[close + 1 : later]) and tokens[close + 1].tag != "rel":
                    break
                close = later
            source = Source(end, close)
            right = (close + 1, self._clause_end(close + 1, self.size, "tag"))
            return Found([right], (i, end), source, match.entry.frames["after"], "according to", match.entry.cue)
        source_end = scan_right(tokens, end, stop, long=True)
        if source_end <= end:
            return None
        source = Source(end, source_end)
        regions = [(low, i)]
        if tokens[i - 1].tag in (",", "-"):
            rest = self._rest(source_end)
            if rest and (tokens[rest[0]].tag in ("verb", "aux", "ed", "Q", "to", "adv") or self._adverbial(low, i)):
                regions.append(rest)
        return Found(regions, (i, end), source, match.entry.frames["after"], "according to", match.entry.cue)

    def _headed(self) -> Found | None:
        """Read "Toran: We will not yield" as headlines and transcripts print it: the colon is the cue."""
        tokens = self.tokens
        colon = next((k for k in range(min(self.size, 10)) if tokens[k].tag == ":"), None)
        if not colon or colon + 1 >= self.size:
            return None
        label = [t for t in tokens[:colon] if t.tag not in {"(", ")", ","}]
        if len(label) > 5 or any(t.tag not in ("name", "prep") for t in label):
            return None
        quoted = tokens[colon + 1].tag == "Q"
        if not quoted and colon + 2 == self.size:
            return None
        if not quoted and (not self.titled or self.size > 30 or tokens[0].tag == "prep") and colon < 2:
            return None
        end = self._clause_end(colon + 1, self.size, "quote")
        pattern = "colon quote" if quoted else "colon"
        return Found([(colon + 1, end)], (colon, colon + 1), Source(0, colon), "speech", pattern, ":")

    def _skip_adverbials(self, at: int, entry: Entry | None) -> tuple[int, tuple[int, int] | None] | None:
        """Pass over what may follow a content-first cue; None where content follows instead."""
        tokens, addressee = self.tokens, None
        if at < self.size and entry is not None and "person" in entry.frames:
            end = scan_right(tokens, at, self._stop_of_source(at), long=False)
            if tokens[at].tag == "Q" and tokens[at].end - tokens[at].start < 45:
                end = at + 1
            if tokens[at].tag == "obj":
                end = at + 1
            if end > at:
                addressee, at = (at, end), end
        if self._ends(at):
            return at, addressee
        token = tokens[at]
        if token.tag in {",", "-", "(", "Q"}:
            return at, addressee
        if token.tag in ("time", "prep", "adv", "ing", "sub", "cc") and token.lower not in (
            "that",
            "whether",
            "if",
            "how",
            "why",
            "what",
        ):
            for k in range(at, self.size):
                tag = tokens[k].tag
                if tag in {",", ".", ";", "-"} or (tag == "Q" and tokens[k].end - tokens[k].start > 40):
                    return k, addressee
                if (
                    tokens[k].lower == "that"
                    and k > at
                    and tokens[k - 1].tag not in ("det", "prep")
                    and token.tag in ("time", "prep")
                ):
                    return None
                if tag == ":":
                    return None
            return self.size, addressee
        return None

    def _resumes(self, at: int) -> bool:
        """Tell whether the clause that a tag interrupted goes on: "Now, X said, the talks ..."."""
        tokens = self.tokens
        if at + 1 >= self.size or tokens[at].tag not in {",", "-"}:
            return False
        if tokens[at + 1].tag in ("aux", "verb", "ed"):
            return True
        rest = self._rest(at)
        return rest is not None and self._starts_clause(*rest)

    def _utterance_follows(self, at: int) -> bool:
        """Tell whether a quotation that begins a sentence of its own stands right after the cue's comma."""
        tokens = self.tokens
        if at < self.size and tokens[at].tag == ",":
            at += 1
        return at < self.size and tokens[at].tag == "Q" and tokens[at].lower.startswith("S")

    def _dashed(self, low: int, end: int) -> int:
        """Return where the words before a tag begin: a quotation after a dash or colon stands alone."""
        tokens = self.tokens
        quote = end - 1
        while quote > low and tokens[quote].tag == ",":
            quote -= 1
        if quote > low and tokens[quote].tag == "Q" and tokens[quote - 1].tag in {"-", ":", ";", "("}:
            return quote
        return low

    def claims(self, quoted: int) -> bool:
        """Tell whether the unit's first `quoted` tokens, all quotations, are tagged by the words right after them."""
        found = self._read_tagged()
        return bool(found) and found[0].regions[0][1] == quoted and found[0].cue[0] < quoted + 25
