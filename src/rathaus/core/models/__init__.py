"""What the house itself keeps: the city it serves, files and mails."""

from rathaus.core.models.city import City
from rathaus.core.models.files import StoredFile
from rathaus.core.models.mail import OutgoingMail

__all__ = ["City", "OutgoingMail", "StoredFile"]
