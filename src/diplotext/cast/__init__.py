"""Who is in an article, decided once: its people, bodies and groups, and whom every later mention means.

`read_cast` reads an article; `Cast.resolve` tells whom a mention means at its place: a name, an acronym that the
article explains, a description ("the Marvanian president", "both sides"), a pronoun. It does not find statements.
"""

from diplotext.cast.heard import Heard, Source
from diplotext.cast.pairs import body_before, states_before
from diplotext.cast.people import People, Person
from diplotext.cast.reading import Cast, read_cast
from diplotext.cast.referent import Referent

__all__ = ["Cast", "Heard", "People", "Person", "Referent", "Source", "body_before", "read_cast", "states_before"]
