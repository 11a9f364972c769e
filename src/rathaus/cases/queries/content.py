"""What was filed, as it stands now."""

from collections.abc import Sequence

from rathaus.cases.models import Case, CaseContent
from rathaus.cases.sections import Section, from_json


def newest_sections(case: Case) -> Sequence[Section]:
    """The sections of the newest version; none where nothing was filed in writing."""
    newest = CaseContent.objects.filter(case=case).order_by("-version").first()
    return from_json(newest.sections) if newest else ()
