"""Bank accounts as people write them: whether an IBAN can exist (ISO 13616)."""

from schwifty import IBAN


def compact_iban(text: str) -> str:
    """Without spaces, in capitals."""
    return "".join(text.split()).upper()


def is_iban(text: str) -> bool:
    """Whether shape, length by country, bank code and check digits are those of an IBAN."""
    return bool(IBAN(compact_iban(text), allow_invalid=True).is_valid)
