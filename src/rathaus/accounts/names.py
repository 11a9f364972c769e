"""Whether a name that somebody wrote may mean the person whose name is proved."""

import re
import unicodedata

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
WORD = re.compile(r"[^\W\d_]+")


def may_be_the_same(said: str, proved: str) -> bool:
    """Whether all words of one name occur in the other, whatever their order, accents and capitals.

    Titles, second given names and double names may be missing on either side: "Anna Huber" may be
    "Mag. Anna Maria Huber". A hint for people, no proof.
    """
    ours, theirs = _words(said), _words(proved)
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


def _words(name: str) -> frozenset[str]:
    composed = unicodedata.normalize("NFC", name).casefold().translate(UMLAUTS)
    plain = unicodedata.normalize("NFKD", composed).replace("ı", "i")
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return frozenset(WORD.findall(letters))
