"""Names of actors in running text: one index over states, bodies and people, and their offices by date.

It finds what a table knows; it does not guess that an unknown capitalised word is a person, and it does not resolve
pronouns or descriptions (that is `cast`).
"""

from diplotext.names.forms import (
    family_first,
    fold,
    given_names,
    name_parts,
    office_group,
    office_of,
    offices,
    romanise,
    source_nouns,
    surname,
)
from diplotext.names.index import Actor, Mention, NameIndex
from diplotext.names.load import load_index

__all__ = [
    "Actor", "Mention", "NameIndex", "family_first", "fold", "given_names", "load_index", "name_parts", "office_group",
    "office_of", "offices", "romanise", "source_nouns", "surname",
]  # fmt: skip
