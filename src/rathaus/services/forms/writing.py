"""Writes a form as the YAML from which it can be read again."""

import yaml

from rathaus.services.forms.document import FormDocument


def as_yaml(document: FormDocument) -> str:
    """The document in the order of its schema, without what is meant anyhow."""
    plain = document.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude_defaults=True
    )
    text: str = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120)
    return text
