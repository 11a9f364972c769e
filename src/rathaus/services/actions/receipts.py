"""The confirmation of receipt: made once, kept in the file of the case, the same for everybody."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from rathaus.cases.actions import Attachment, add_document
from rathaus.core import pdf
from rathaus.core.actor import SYSTEM
from rathaus.core.files import store
from rathaus.core.models import StoredFile
from rathaus.core.transaction import atomic
from rathaus.services.models import Application, Receipt
from rathaus.services.queries.forms import compiled
from rathaus.services.receipt import receipt_data


@atomic
def keep_receipt(application: UUID) -> StoredFile:
    """The confirmation of what was submitted, in the language of the applicant.

    The first who asks makes it, be it the job or the applicant's click; it never changes again.
    """
    rows = Application.objects.select_related("version", "case", "draft")
    row = rows.select_for_update(of=("self",)).get(pk=application)
    kept = Receipt.objects.filter(application=row).select_related("stored").first()
    if kept is not None:
        return kept.stored
    with override(row.case.language):
        content = pdf.render("receipt", receipt_data(row, compiled(row.version.sha256)))
        label = (
            _("Eingangsbestätigung der Ergänzung")
            if row.draft.amends_id
            else _("Eingangsbestätigung")
        )
    stored = store(content, name=f"{label} {row.case_number}.pdf")
    Receipt.objects.create(application=row, stored=stored)
    add_document(by=SYSTEM, case=row.case_id, document=Attachment(stored.pk, label))
    return stored
