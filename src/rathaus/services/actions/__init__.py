"""Everything that changes something in the services domain."""

from rathaus.services.actions.addresses import load_addresses, parse_addresses
from rathaus.services.actions.importing import import_catalogue
from rathaus.services.actions.publishing import publish_form

__all__ = ["import_catalogue", "load_addresses", "parse_addresses", "publish_form"]
