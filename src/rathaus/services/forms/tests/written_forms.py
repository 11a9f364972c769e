"""Forms written down in a few words."""

from datetime import date

from rathaus.services.forms.document import FormDocument

TODAY = date(2026, 11, 22)


def field(identifier: str, kind: str = "text", **given: object) -> dict[str, object]:
    return {"id": identifier, "type": kind, "label": identifier.upper(), **given}


def page(identifier: str, *fields: dict[str, object], **given: object) -> dict[str, object]:
    return {"id": identifier, "title": identifier, "fields": [*fields], **given}


def document(*pages: dict[str, object], **rest: object) -> FormDocument:
    plain = {"schema": 1, "form": "x", "service": "x", "title": "X", "pages": [*pages], **rest}
    return FormDocument.model_validate(plain)
