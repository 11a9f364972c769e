"""The codes that guests get by mail."""

import re

from rathaus.core.models import OutgoingMail

CODE = re.compile(r"\b[B-Z]{4}-[B-Z]{4}\b")


def mailed_code(**mail: str) -> str:
    """The code in the newest mail, or in the newest of these (`recipient=…`)."""
    found = CODE.search(OutgoingMail.objects.filter(**mail).latest("created_at").text)
    assert found
    return found[0]
