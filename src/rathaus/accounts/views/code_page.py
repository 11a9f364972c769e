"""The page that asks for the code from a mail, whatever the address is proved for."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from rathaus.accounts.access import Request
from rathaus.accounts.email_proof import Purpose, WrongCode, address_waiting, proved_address
from rathaus.accounts.forms import CodeForm


def code_page(
    request: Request, purpose: Purpose, *, again: str, go_on: Callable[[str], HttpResponse]
) -> HttpResponse:
    """Ask for the code; `go_on` answers for the address that it proves.

    `again` names the page where another code is asked for. Raises `CodeExpired`.
    """
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            email = proved_address(request, purpose, code=form.cleaned_data["code"])
        except WrongCode as error:
            form.add_error("code", str(error.message))
        else:
            return go_on(email)
    waiting = address_waiting(request, purpose)
    if not waiting:
        return redirect(again)
    details = {"form": form, "email": waiting, "again": reverse(again)}
    return render(request, "accounts/confirm_email.html", details)
