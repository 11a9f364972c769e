"""What becomes of a form on a page with several."""

from collections.abc import Callable

from django import forms

from rathaus.core.errors import Conflict, Invalid


def done(form: forms.Form, act: Callable[[], None]) -> bool:
    """Whether what the form asks for was done; else it says itself why not."""
    if not form.is_valid():
        return False
    try:
        act()
    except (Conflict, Invalid) as error:
        form.add_error(None, str(error.message))
        return False
    return True
