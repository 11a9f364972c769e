"""Everything that changes something in the services domain."""

from rathaus.services.actions.addresses import load_addresses, parse_addresses
from rathaus.services.actions.budgets import import_budgets
from rathaus.services.actions.charging import let_fees_fall, let_fees_fall_due
from rathaus.services.actions.granting import release_grant
from rathaus.services.actions.importing import import_catalogue
from rathaus.services.actions.levying import begin_levies, end_levies
from rathaus.services.actions.publishing import publish_form
from rathaus.services.actions.taking_over import take_over_applications, take_over_drafts
from rathaus.services.budgets import parse_budgets

__all__ = [
    "begin_levies",
    "end_levies",
    "import_budgets",
    "import_catalogue",
    "let_fees_fall",
    "let_fees_fall_due",
    "load_addresses",
    "parse_addresses",
    "parse_budgets",
    "publish_form",
    "release_grant",
    "take_over_applications",
    "take_over_drafts",
]
