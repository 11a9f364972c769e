"""What must hold before the program starts."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error

from rathaus.audit.personal import PersonalModel


def personal_models_name_their_subject(
    app_configs: Sequence[AppConfig] | None, **options: Any
) -> list[CheckMessage]:
    """Each personal model has a `subject_id`, and its `impersonal` columns exist."""
    faults: list[CheckMessage] = []
    for model in apps.get_models():
        if not issubclass(model, PersonalModel):
            continue
        if not hasattr(model, "subject_id"):
            faults.append(Error(f"{model.__name__} has no subject_id", id="audit.E001"))
        unknown = model.impersonal - {column.name for column in model._meta.concrete_fields}
        if unknown:
            text = f"{model.__name__} has no columns {', '.join(sorted(unknown))}"
            faults.append(Error(text, id="audit.E002"))
    return faults
