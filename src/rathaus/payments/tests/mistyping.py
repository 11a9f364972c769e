"""One typing mistake, in every way: the brute force beside which recognition is tested."""

DIGITS = "0123456789"


def mistyped(digits: str) -> set[str]:
    """Every word that one mistake makes: a digit too many, too few or wrong, two exchanged."""
    wrong = {digits[:at] + digits[at + 1 :] for at in range(len(digits))}
    for digit in DIGITS:
        wrong |= {digits[:at] + digit + digits[at:] for at in range(len(digits) + 1)}
        wrong |= {digits[:at] + digit + digits[at + 1 :] for at in range(len(digits))}
    wrong |= {
        digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
        for at in range(len(digits) - 1)
    }
    return wrong - {digits}
