"""Where allauth looks for the identity providers of this application."""

from rathaus.accounts.providers.base import IdAustria, StaffDirectory

provider_classes = [IdAustria, StaffDirectory]
