"""Everything that changes something in the services domain."""

from rathaus.services.actions.addresses import load_addresses, parse_addresses
from rathaus.services.actions.budgets import import_budgets
from rathaus.services.actions.granting import release_grant
from rathaus.services.actions.importing import import_catalogue
from rathaus.services.actions.publishing import publish_form
from rathaus.services.budgets import parse_budgets

__all__ = [
    "import_budgets",
    "import_catalogue",
    "load_addresses",
    "parse_addresses",
    "parse_budgets",
    "publish_form",
    "release_grant",
]
