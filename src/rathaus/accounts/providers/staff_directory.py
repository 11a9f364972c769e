"""What the city's own directory says about a member of staff: who it is, in which groups, proved
how strongly.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from rathaus.accounts.providers.id_austria import MissingClaim
from rathaus.accounts.providers.id_token import Claims


@dataclass(frozen=True)
class Colleague:
    """Who stands at the staff door. `identifier` is the directory's own name for the person
    (`sub`).
    """

    identifier: str = field(repr=False)
    email: str = field(repr=False)
    given_name: str = field(repr=False)
    family_name: str = field(repr=False)
    groups: frozenset[str]
    showed_second_factor: bool


def read_colleague(claims: Claims, *, second_factor: Collection[str]) -> Colleague:
    """The member of staff behind the claims; `second_factor` are the words of `amr` that count as
    one.

    Raises `MissingClaim` without an address or with groups that are no list. A missing list means
    no groups.
    """
    groups, methods = claims.get("groups", []), claims.get("amr", [])
    if not isinstance(groups, list) or not isinstance(methods, list):
        raise MissingClaim("groups")
    email = claims.get("email")
    if not isinstance(email, str) or "@" not in email:
        raise MissingClaim("email")
    return Colleague(
        identifier=str(claims["sub"]),
        email=email.strip().lower(),
        given_name=str(claims.get("given_name", ""))[:200],
        family_name=str(claims.get("family_name", ""))[:200],
        groups=frozenset(str(group) for group in groups),
        showed_second_factor=not set(second_factor).isdisjoint(methods),
    )
