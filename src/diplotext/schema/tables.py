"""The declarations: every table, its key, and every column with its type, meaning and allowed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: pandas dtype of each kind of column.
DTYPES = {
    "text": "str",
    "count": "Int64",
    "number": "float64",
    "flag": "boolean",
    "time": "datetime64[us, UTC]",
    "date": "datetime64[us]",
}


@dataclass(frozen=True)
class Column:
    """One column: its kind (a key of `DTYPES`), what it means, and the values that it may take.

    Examples
    --------
    >>> dt.schema.TABLES["quotes"].columns["cue"].meaning
    'the reporting verb group as printed'
    """

    kind: str
    meaning: str
    allowed: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its name, key columns and columns in order.

    Examples
    --------
    >>> dt.schema.TABLES["edits"].key
    ('article_id', 'raw_start')
    """

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]


SPAN = {
    "start": Column("count", "first character in the cleaned text", required=True),
    "end": Column("count", "one past the last character in the cleaned text", required=True),
    "raw_start": Column("count", "first character in raw_text", required=True),
    "raw_end": Column("count", "one past the last character in raw_text", required=True),
}

PRECISIONS = ("time", "day", "month", "year", "none")
BASES = ("metadata", "dateline", "copyright", "user", "none")
SECTIONS = ("headline", "dateline", "byline", "body", "notes")
KINDS = ("direct", "mixed", "indirect", "speech")
CUE_KINDS = ("speech", "belief", "attitude", "intention")
SPEAKER_KINDS = ("person", "organisation", "state", "anonymous", "collective", "unknown")
RESOLUTIONS = ("exact", "title", "surname", "description", "pronoun", "metonym", "user", "unresolved")
SECTORS = ("government", "military", "opposition", "body", "media", "expert", "civil", "other")
ROLES = ("content", "cue", "source")
STANCES = ("oppose", "neutral", "support")
POSTURES = (
    "offer_talks", "promise", "agree", "consult", "support", "reassure", "concede", "appeal", "demand", "criticise",
    "accuse", "deny", "reject", "warn", "threaten", "announce_act", "state",
)  # fmt: skip
MODES = ("actual", "future", "hypothetical", "negated", "historical")
FIDELITIES = ("verbatim", "trimmed", "altered", "paraphrased", "unmatched")
QUADS = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict", "none")


def _table(name: str, key: str, /, **columns: Column) -> Table:
    keys = tuple(key.split())
    return Table(
        name, keys, {n: Column(c.kind, c.meaning, c.allowed, c.required or n in keys) for n, c in columns.items()}
    )


def _text(meaning: str, *values: str) -> Column:
    return Column("text", meaning, values)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(
            "articles", "article_id",
            article_id=_text("short hash of path, record number and raw bytes"),
            source=_text("the path given, with #record for a file of many"),
            url=_text("the article's own address"),
            outlet=_text("who published it"),
            published=Column("time", "when it was published, UTC"),
            published_precision=_text("how exact `published` is", *PRECISIONS),
            published_basis=_text("where `published` comes from", *BASES),
            lang=_text("ISO 639-1 code of the language found"),
            headline=_text("the title, without the outlet's suffix"),
            dateline=_text("place and agency as printed"),
            byline=_text("authors as printed"),
            notes=_text("contributor lines, corrections and editor's notes, one a line"),
            raw_text=Column("text", "the decoded source (of an HTML page, the extracted text)", required=True),
            text=Column("text", "the cleaned text", required=True),
            raw_sha256=_text("SHA-256 of the raw bytes, hexadecimal"),
            duplicate_of=_text("article_id of the first copy, or missing"),
            suspect_paraphrase=_text("why the text looks machine-paraphrased, or missing"),
        ),
        _table(
            "edits", "article_id raw_start",
            article_id=_text("articles.article_id"),
            raw_start=SPAN["raw_start"], raw_end=SPAN["raw_end"], start=SPAN["start"], end=SPAN["end"],
            rule=Column("text", "name of the cleaning rule", required=True),
            removed=Column("text", "raw_text[raw_start:raw_end]", required=True),
            replacement=Column("text", "text[start:end]; empty when nothing replaces", required=True),
        ),
        _table(
            "sentences", "article_id sentence",
            article_id=_text("articles.article_id"),
            sentence=Column("count", "number of the sentence in the article, from 0"),
            paragraph=Column("count", "number of the paragraph in the article, from 0", required=True),
            section=_text("part of the article", *SECTIONS),
            turn_speaker=_text("the turn's label or the speaker of an official statement, as printed"),
            **SPAN,
        ),
        _table(
            "quotes", "quote_id",
            quote_id=_text("hash of article_id and raw offsets"),
            article_id=Column("text", "articles.article_id", required=True),
            kind=_text("how the words are given", *KINDS),
            text=Column("text", "the content, pieces joined by a space", required=True),
            cue=_text("the reporting verb group as printed"),
            cue_kind=_text("what the cue reports", *CUE_KINDS),
            speaker_mention=_text("the source as printed"),
            speaker=_text("canonical name of the source"),
            speaker_kind=_text("what the speaker is", *SPEAKER_KINDS),
            resolution=_text("the rule that decided the speaker", *RESOLUTIONS),
            actor_id=_text("actors.actor_id, or missing"),
            role=_text("the speaker's office at the article's date"),
            sector=_text("the speaker's part of society", *SECTORS),
            country=_text("ISO 3166-1 alpha-3 (Kosovo XKX), or missing"),
            parties=_text("all countries of joint speakers, joined by ;"),
            reported_speaker=_text("inner speaker when one report stands inside another"),
            relay=_text("outlet or agency that the words were given to or came through"),
            addressee=_text("to whom the words were said"),
            spoken_on=Column("date", "day on which the words were spoken"),
            confidence=Column("number", "probability that this is a statement and its source the right one, in [0, 1]"),
            speaker_confidence=Column("number", "how often the rule that decided the speaker is right, in [0, 1]"),
            closed=Column("flag", "False where a quote mark is missing or reversed"),
            **SPAN,
        ),
        _table(
            "spans", "quote_id role part",
            quote_id=_text("quotes.quote_id"),
            role=_text("part of the statement", *ROLES),
            part=Column("count", "number of the contiguous piece, from 0"),
            **SPAN,
        ),
        _table(
            "actors", "actor_id role valid_from",
            actor_id=_text("short stable name of the actor"),
            role=_text("office or description"),
            valid_from=Column("date", "first day of the role, or missing"),
            name=Column("text", "canonical name", required=True),
            kind=_text("what the actor is", *SPEAKER_KINDS),
            sector=_text("part of society", *SECTORS),
            country=_text("ISO 3166-1 alpha-3, or missing"),
            valid_to=Column("date", "last day of the role, or missing"),
            source=_text("where the row's facts come from"),
        ),
        _table(
            "aliases", "alias actor_id",
            alias=_text("another name"), actor_id=_text("actors.actor_id"),
        ),
        _table(
            "issues", "issue_id",
            issue_id=_text("short stable name of the issue"), name=Column("text", "name of the issue", required=True),
            patterns=_text("phrases that name it, joined by ;"),
        ),
        _table(
            "corrections", "quote_id",
            quote_id=_text("quotes.quote_id"), speaker=_text("who speaks, or missing"),
            country=_text("ISO 3166-1 alpha-3, or missing"),
        ),
        _table(
            "memberships", "country body valid_from",
            country=_text("ISO 3166-1 alpha-3"), body=_text("actors.actor_id of the body"),
            valid_from=Column("date", "first day of membership, or missing"),
            valid_to=Column("date", "last day of membership, or missing"),
        ),
        _table(
            "stances", "quote_id target_id",
            quote_id=_text("quotes.quote_id"),
            target_id=_text("actor_id or issue id; empty when the statement has no target"),
            target=_text("canonical name of the target"),
            target_kind=_text("what the target is", "actor", "issue"),
            target_country=_text("ISO 3166-1 alpha-3, or missing"),
            issue=_text("issues.issue_id of the issue that the target belongs to, or missing"),
            mention=_text("the target as printed, or missing where nothing is printed"),
            **{k: Column("count", v.meaning + " of the mention") for k, v in SPAN.items()},
            target_p=Column("number", "probability that this is a target"),
            stance=_text("what is expressed toward the target: one of `STANCES`, or a label of the user's own"),
            p_oppose=Column("number", "probability of oppose"),
            p_neutral=Column("number", "probability of neutral"),
            p_support=Column("number", "probability of support"),
            sentiment=Column("number", "tone of the words toward the target, in [-1, 1]"),
            posture=_text("the statement's one posture: one of `POSTURES`, or a label of the user's own classifier"),
            posture_p=Column("number", "probability of the posture"),
            conditional=Column("flag", "tied to the other side's conduct"),
            mode=_text("reality of the act", *MODES),
            plover=_text("PLOVER root, or missing"),
            cameo=_text("CAMEO code, or missing"),
            quad=_text("quad class", *QUADS),
            intensity=Column("number", "value on the scale named in `model`"),
            model=_text("name and version of what scored, with its intensity scale"),
        ),
        _table(
            "conditions", "quote_id part start",
            quote_id=_text("quotes.quote_id"),
            part=_text("half of the conditional", "condition", "consequence"),
            agent=_text("who acts in this half, as printed"),
            instrument=_text("means named in this half, as printed"),
            aim=_text("whether an act is to be prevented or brought about", "deter", "compel"),
            specific=Column("flag", "True where the consequence names its means"),
            **SPAN,
        ),
        _table(
            "traces", "quote_id part",
            quote_id=_text("quotes.quote_id"),
            part=Column("count", "number of the content piece; spans.part"),
            transcript_id=_text("article_id of the record"),
            **{k: Column("count", v.meaning + " of the transcript") for k, v in SPAN.items()},
            speaker_agrees=Column("flag", "the record names the same speaker"),
            similarity=Column("number", "in [0, 1]"),
            fidelity=Column("text", "relation to the words as spoken", FIDELITIES, required=True),
            kept=Column("count", "words kept"), changed=Column("count", "words changed"),
            dropped=Column("count", "words dropped"), added=Column("count", "words added"),
            confidence=Column("number", "in [0, 1]"),
        ),
        _table(
            "utterances", "quote_id",
            quote_id=_text("quotes.quote_id"),
            utterance_id=Column("text", "quote_id of the utterance's earliest printing", required=True),
            printing=Column("count", "number of this printing in order of publication, from 1"),
            n_printings=Column("count", "statements that print the utterance"),
            n_articles=Column("count", "articles that print it"),
            n_outlets=Column("count", "outlets that print it"),
            drift=Column("number", "share of words that differ from the earliest printing, in [0, 1]"),
        ),
        _table(
            "samples", "sample_id",
            sample_id=_text("number of the draw"),
            item_id=_text("quote_id, or quote_id#raw offsets of a target"), article_id=_text("articles.article_id"),
            raw_start=Column("count", SPAN["raw_start"].meaning), raw_end=Column("count", SPAN["raw_end"].meaning),
            stratum=_text("group that the item was drawn from"),
            part=_text("how it was drawn", "random", "uncertain"),
            p_inclusion=Column("number", "probability that the item is drawn"),
        ),
        _table(
            "annotations", "item_id field annotator",
            item_id=_text("quote_id, or quote_id#raw offsets of a target"), field=_text("the column labelled"),
            annotator=_text("who labelled"),
            label=_text("the label"), comment=_text("remark"),
            raw_start=Column("count", SPAN["raw_start"].meaning), raw_end=Column("count", SPAN["raw_end"].meaning),
            at=Column("time", "when"),
        ),
    )
}  # fmt: skip

#: columns of the findings table that follow the `by` columns.
FINDINGS = {
    "measure": _text("what is estimated"),
    "estimate": Column("number", "the estimate"),
    "ci_low": Column("number", "lower bound of the 95 % interval"),
    "ci_high": Column("number", "upper bound of the 95 % interval"),
    "method": _text("how it was reached: counted, or corrected by a hand-labelled sample", "counted", "corrected"),
    "n_quotes": Column("count", "statements (with utterances: utterances) behind it, duplicates counted once"),
    "n_articles": Column("count", "articles behind it"),
    "n_speakers": Column("count", "distinct speakers behind it"),
    "n_annotated": Column("count", "statements labelled by people that correct it"),
}
