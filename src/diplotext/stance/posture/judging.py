"""Posture: the one act that a statement performs, by cue words and by who acts, when, and whether it is denied.

A baseline. Cues (`posture_cues.csv`) either are the act of speech itself ("reject", "call on", "face consequences") or
name a kind of deed (harm, help, talk, yield), which becomes an act of speech only through its clause: *we will* strike
is a threat, *they will* strike a warning, *we will not* strike a reassurance (`posture_frames.csv`). Irony, quotation
inside quotation and anything that spans sentences are not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from diplotext.language import Word, split_words
from diplotext.schema import read_rows
from diplotext.stance.phrases import Hit, PhraseTable
from diplotext.stance.posture.clauses import Frame, read_frames
from diplotext.stance.posture.groups import word_group

DEEDS = ("harm", "help", "talk", "yield")
#: readings within this of the strongest one apply together, and DESIGN's precedence decides among them.
MARGIN = 0.2
#: row of a verb that no cue knows.
UNKNOWN = -1
#: what another side's act of speech amounts to when the speaker reports it: nobody threatens in another's name.
_OTHERS_ACT = {"threaten": ("accuse", 0.6), "reject": ("criticise", 0.5), "demand": ("state", 0.3)}
_DENIED = {
    "support": ("reject", 0.6), "agree": ("reject", 0.62), "promise": ("reject", 0.6), "offer_talks": ("reject", 0.7),
    "threaten": ("reassure", 0.6), "concede": ("reject", 0.6), "reject": ("state", 0.45), "consult": ("reject", 0.5),
}  # fmt: skip
_HISTORY = re.compile(
    r"\b(?:in (?:1[5-9]\d\d|20[01]\d)\b|\w+ (?:years|decades|centuries) ago|last (?:century|decade)|during the "
    r"(?:cold war|soviet|first|second)|back then|world war|in the (?:19|18)\d0s|decades ago|historically)",
    re.IGNORECASE,
)


class Cue(NamedTuple):
    """A row of `posture_cues.csv`: what a phrase reads as, on which agent, with which codes and how strongly."""

    reads: str
    agent: str
    plover: str
    cameo: str
    strength: float


class Reading(NamedTuple):
    """One posture that a phrase suggests, with the words ``[first, last)`` that do so."""

    posture: str
    strength: float
    first: int
    last: int
    agent: str
    agent_at: int
    time: str
    negated: bool
    unreal: bool
    plover: str
    cameo: str


class Posture(NamedTuple):
    """The judgement: the posture, its probability, its mode and codes, and the reading that decided (None: nothing)."""

    name: str
    probability: float
    mode: str
    plover: str | None
    cameo: str | None
    quad: str
    decided_by: Reading | None


@cache
def cue_table(where: str) -> tuple[PhraseTable, tuple[Cue, ...]]:
    """Return the cues for the ``text`` of a statement or for its reporting ``cue``, compiled once."""
    rows = [row for row in read_rows("posture_cues.csv") if row["where"] in (where, "both")]
    cues = tuple(
        Cue(row["reads"], row["agent"], row["plover"], row["cameo"], float(row["strength"] or 0)) for row in rows
    )
    return PhraseTable([row["phrase"] for row in rows]), cues


@cache
def posture_rows() -> dict[str, Mapping[str, str]]:
    """Return the rows of `postures.csv` by posture."""
    return {row["posture"]: row for row in read_rows("postures.csv")}


@cache
def _precedence() -> dict[str, int]:
    return {posture: int(row["precedence"]) for posture, row in posture_rows().items()}


@cache
def root_rows() -> dict[str, Mapping[str, str]]:
    """Return the rows of `intensity.csv` that hold PLOVER roots, by root."""
    return {row["code"]: row for row in read_rows("intensity.csv") if row["kind"] == "plover"}


@cache
def _rule(deed: str, agent: str, time: str, negated: bool) -> tuple[str, float] | None:
    for row in read_rows("posture_frames.csv"):
        fits = row["act"] in (deed, "any") and row["agent"] == agent and row["time"] in (time, "*")
        if fits and row["negated"] == ("yes" if negated else "no"):
            return row["posture"], float(row["strength"])
    return None


def judge_posture(
    tokens: Sequence[Word],
    sides: Mapping[int, str],
    *,
    cue: str | None = None,
    indirect: bool = False,
    home: bool = False,
    conditional: bool = False,
    imposes: str = "",
    official: bool = True,
    question: bool = False,
    text: str = "",
) -> Posture:
    """Judge the posture of one statement.

    Parameters
    ----------
    tokens
        The statement's words (`split_words`).
    sides
        Word number -> ``own`` or ``other`` for each token that names an actor.
    cue
        The reporting verb group.
    indirect
        True where the words are reported, not quoted: a first "he" or "it" is then the speaker.
    home
        True where "the president" or "the government" is the speaker's own.
    conditional
        True where the act is tied to the other side's conduct (`find_conditionals`).
    imposes
        Who imposes the cost of a conditional (`tell_imposer`): a warning whose cost is the speaker's doing is a threat.
    official
        False where the speaker's side cannot impose costs (experts, media): a cost foretold is then a warning.
    question
        True where the statement asks: every reading is weaker.
    text
        The statement, to look for signs of a historical act.

    Returns
    -------
    Posture, ``state`` where nothing was found. The probability is the strength of the deciding phrase, lowered by rival
    readings; it is not calibrated on labelled data.
    """
    words = [token.word for token in tokens]
    spoken = _read_cue(cue, " ".join(words[:6])) if cue else None
    table, cues = cue_table("text")
    hits = longest(table.find(words))
    frames = read_frames(words, hits + _unknown_verbs(words, hits), sides, indirect=indirect, home=home)
    readings: list[Reading] = []
    for frame in frames:
        known = frame.hit.row != UNKNOWN
        readings += _read(frame, cues[frame.hit.row], spoken, official) if known else _read_unknown(frame, words)
    if question:
        readings = [r._replace(strength=r.strength * 0.45) for r in readings]
    if spoken:
        if spoken.posture == "warn":  # "warned that we would answer": a warning by its verb, a threat by its agent
            readings = [r._replace(strength=r.strength + 0.2 * (r.posture == "threaten")) for r in readings]
            spoken = spoken._replace(strength=min(spoken.strength, 0.7))
        readings.append(spoken)
    name, probability, decided = _decide(readings)
    if conditional and name == "consult" and decided and decided.time == "future":
        name = "offer_talks"  # "if they wish, we will come"
    if conditional and name == "warn" and imposes == "speaker" and official:
        name = "threaten"
    return _describe(name, probability, decided, conditional, text)


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Keep, of the phrases that begin at one word, the longest (ties all)."""
    best: dict[int, list[Hit]] = {}
    for hit in hits:
        held = best.get(hit.first)
        if held is None or hit.last > held[0].last:
            best[hit.first] = [hit]
        elif hit.last == held[0].last:
            held.append(hit)
    return [hit for held in best.values() for hit in held]


@lru_cache(maxsize=8192)
def _read_cue(cue: str, head: str) -> Reading | None:
    """Return what the reporting verb says, with the first words after it: "rejected | the charge" denies."""
    table, cues = cue_table("cue")
    verb = [token.word for token in split_words(cue)]
    words = [*verb, *head.split()]
    best: Reading | None = None
    for hit in longest(table.find(words)):
        if hit.first >= len(verb):
            break
        row = cues[hit.row]
        if {"not", "never"} & set(words[: hit.first]):
            posture, strength = _DENIED.get(row.reads, ("state", 0.4))
        else:
            posture, strength = row.reads, row.strength
        if best is None or strength > best.strength:
            best = Reading(posture, strength, -1, -1, "own", -1, "present", False, False, row.plover, row.cameo)
    return best


def _read(frame: Frame, cue: Cue, spoken: Reading | None, official: bool) -> list[Reading]:
    """Return the readings of one phrase in its clause: one or none."""
    if frame.inside_if:
        return []
    agent = "other" if frame.agent == "they" else frame.agent
    time, negated = frame.time, frame.negated
    if cue.reads in DEEDS:
        if time == "infinitive" and frame.hit.first <= 1 and spoken:  # "vowed | to retaliate"
            if spoken.posture in ("promise", "threaten", "agree", "offer_talks"):
                agent, time = "own", "future"
            else:
                return []
        rule = _rule(cue.reads, agent, time, negated)
        if rule is None:
            return []
        posture, strength = rule
    else:
        read = _speech_act(cue, agent, time, negated, official, bool(frame.hit.form))
        if read is None:
            return []
        posture, strength = read
    if posture == "threaten" and agent != "own" and not official:
        posture = "warn"
    if frame.agent == "they":
        strength *= 0.9
    if frame.aside:
        strength *= 0.75
    plover, cameo = (cue.plover, cue.cameo) if posture in (cue.reads, "announce_act") else ("", "")
    if posture == "consult" and cue.reads == "talk":
        plover, cameo = cue.plover, cue.cameo
    return [Reading(posture, strength, frame.hit.first, frame.hit.last, agent, frame.agent_at, time, negated,
                    frame.unreal, plover, cameo)]  # fmt: skip


def _speech_act(cue: Cue, agent: str, time: str, negated: bool, official: bool, verb: bool) -> tuple[str, float] | None:
    posture, strength = cue.reads, cue.strength
    if posture == "threaten" and cue.agent == "other":  # "they will face consequences": whoever suffers is the subject
        if agent == "own":
            return ("state", 0.4)
        return ("reassure", 0.5) if negated else (posture if official else "warn", strength)
    if time == "obligation" and agent == "other" and verb:
        return ("demand", 0.66)
    if agent == "other" and (verb or cue.agent == "own"):
        if posture in ("warn", "accuse", "criticise", "deny") and not verb:
            return (posture, strength)
        if cue.agent == "" and posture == "accuse" and strength < 0.8:  # "they violated the treaty": their deed
            return None if negated else (posture, strength)
        if cue.agent == "" and posture in ("warn", "criticise") and strength < 0.8:
            return None if negated else (posture, strength)
        if negated and posture in ("agree", "support", "promise", "offer_talks", "concede"):
            return ("criticise", 0.5)
        return _OTHERS_ACT.get(posture, ("state", 0.35))
    if negated:
        return _DENIED.get(posture, ("state", 0.4))
    if verb and agent == "thing" and posture == "threaten":  # "drought threatens the harvest": nobody's will
        return ("warn", 0.5)
    if verb and agent == "thing" and posture != "warn":
        strength *= 0.65
    if verb and time == "infinitive":
        strength *= 0.85 if agent in ("own", "none") else 0.7
    return (posture, strength)


def _unknown_verbs(words: Sequence[str], hits: Sequence[Hit]) -> list[Hit]:
    """Return the words after "must", "should" and "not" as verbs of their own, where no cue begins there."""
    modals, known = _before_verbs(), {hit.first for hit in hits}
    return [Hit(i, i + 1, UNKNOWN, "base") for i, word in enumerate(words[:-1], 1) if word in modals and i not in known]


@cache
def _before_verbs() -> frozenset[str]:
    return word_group("obligation") | word_group("need") | {"not", "never"}


def _read_unknown(frame: Frame, words: Sequence[str]) -> list[Reading]:
    """Read a verb that no cue knows: "they must ..." is a demand, "we will not ..." a refusal."""
    agent = "other" if frame.agent == "they" else frame.agent
    rule = _rule("", agent, frame.time, frame.negated)
    first = frame.hit.first - 1
    if frame.inside_if or rule is None or (rule[0] == "reject" and "i" in words[max(0, first - 3) : first]):
        return []
    weaker = 0.12 if words[first] in ("should", "ought") else 0.0
    return [Reading(rule[0], rule[1] - weaker, first, frame.hit.last, agent, frame.agent_at, frame.time,
                    frame.negated, False, "", "")]  # fmt: skip


def _decide(readings: Sequence[Reading]) -> tuple[str, float, Reading | None]:
    best: dict[str, Reading] = {}
    for reading in readings:
        if reading.posture not in best or reading.strength > best[reading.posture].strength:
            best[reading.posture] = reading
    best.pop("state", None)
    strongest = max((r.strength for r in best.values()), default=0.0)
    if strongest < 0.4:
        return "state", 0.6 - 0.3 * strongest, None
    order = _precedence()
    name = min((p for p, r in best.items() if r.strength >= strongest - MARGIN), key=order.__getitem__)
    akin = ("threaten", "warn") if name == "threaten" else (name,)
    rivals = sum(r.strength for p, r in best.items() if p not in akin)
    chosen = best[name]
    doubt = 1.0 if chosen.strength >= 0.5 else 0.6  # measured: rules weaker than that are right one time in five
    return name, doubt * chosen.strength / (1 + 0.35 * rivals), chosen


def _describe(name: str, probability: float, decided: Reading | None, conditional: bool, text: str) -> Posture:
    row = posture_rows()[name]
    plover, cameo, quad = row["plover"] or None, row["cameo"] or None, row["quad"]
    if decided and decided.cameo and decided.posture == name:
        cameo = decided.cameo
    if name == "announce_act" and decided:
        plover, cameo = decided.plover or None, decided.cameo or None
        quad = root_rows()[plover]["quad"] if plover else "none"
    return Posture(name, probability, _mode(name, decided, conditional, text), plover, cameo, quad, decided)


def _mode(name: str, decided: Reading | None, conditional: bool, text: str) -> str:
    """Return the reality of the act spoken of: what is promised lies ahead, what is demanded is demanded now."""
    if name in ("reassure", "reject", "deny"):
        return "hypothetical" if conditional and name != "deny" else "negated"
    if conditional:
        return "hypothetical"
    if decided is None or name in ("demand", "appeal"):
        return "historical" if decided is None and _HISTORY.search(text) else "actual"
    if decided.negated:
        return "negated"
    if decided.unreal or (decided.time == "possible" and name in ("warn", "threaten")):
        return "hypothetical"
    if name in ("offer_talks", "agree"):
        return "actual"
    if name in ("threaten", "promise", "warn") or decided.time in ("future", "ready", "infinitive", "offered"):
        return "future"
    return "historical" if _HISTORY.search(text) and decided.time == "past" else "actual"
