"""What the house itself keeps: the city it serves, files and mails."""

from rathaus.core.models.city import City

__all__ = ["City"]
