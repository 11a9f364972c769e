"""What the account already knows is filled in at the start; people see it and can change it."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from rathaus.services.forms.document import FormDocument


def prefilled(document: FormDocument, account: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The first answers of a draft; `account` maps sources (`account.email`) to what is known."""
    return {
        identifier: account[source]
        for identifier, source in document.prefill.items()
        if account.get(source)
    }
