"""What may be read of the trail: everybody the fingerprints and their own lines, auditors all."""

from rathaus.audit.queries.proofs import (
    NotSealedYet,
    growth_proof,
    proof_of,
    published_roots,
    roots_document,
)
from rathaus.audit.queries.records import (
    Filter,
    cards,
    last_examination,
    records,
    size,
    trail_lines,
)
from rathaus.audit.queries.who_looked import (
    LATELY,
    Line,
    all_lines_about,
    occurrences_about,
    offices_lately,
    reader_of,
    sentence,
)

__all__ = [
    "LATELY",
    "Filter",
    "Line",
    "NotSealedYet",
    "all_lines_about",
    "cards",
    "growth_proof",
    "last_examination",
    "occurrences_about",
    "offices_lately",
    "proof_of",
    "published_roots",
    "reader_of",
    "records",
    "roots_document",
    "sentence",
    "size",
    "trail_lines",
]
