"""The part of Stripe's API that the house uses: what each request does to the books.

Checkout Sessions, PaymentIntents, Refunds, Events, and idempotency keys as Stripe documents them:
the first answer under a key is kept, a server error of a request that began included; other
parameters under a known key are refused, a second request while the first runs gets 409.
"""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from rathaus.demo.payment_service.books import Books, Thing, let_expire, settle_clock

Fields = dict[str, str]
_LEAST_EPS = 100
_SESSION = r"/v1/checkout/sessions/([\w]+)"


@dataclass(frozen=True)
class Said:
    """An answer of the API."""

    status: int
    body: Thing
    replayed: bool = False


class Api:
    """Answers requests; one at a time for each idempotency key."""

    def __init__(self, books: Books, *, key: str, address: str) -> None:
        self.books = books
        self.key = key
        self.address = address

    def answer(
        self, method: str, path: str, fields: Fields, headers: Mapping[str, str], *, broken: bool
    ) -> Said:
        """What Stripe would say. `broken`: it is carried out, and the answer is a fault."""
        if headers.get("Authorization") != f"Bearer {self.key}":
            return _error(401, "Invalid API Key provided")
        name = headers.get("Idempotency-Key", "") if method == "POST" else ""
        if not name:
            said = self._do(method, path, fields)
            return _fault() if broken else said
        return self._once(name, method, path, fields, broken=broken)

    def _once(self, name: str, method: str, path: str, fields: Fields, *, broken: bool) -> Said:
        asked = json.dumps([path, sorted(fields.items())])
        with self.books.lock:
            if name in self.books.under_way:
                return _error(409, "There is currently another in-progress request using this key")
            if name in self.books.answered:
                before, status, body = self.books.answered[name]
                if before != asked:
                    return _error(400, "Keys for idempotent requests can only be used with the "
                                       "same parameters", kind="idempotency_error")  # fmt: skip
                return Said(status, body, replayed=True)
            self.books.under_way.add(name)
        try:
            said = self._do(method, path, fields)
            said = _fault() if broken else said
            with self.books.lock:
                kept = json.loads(json.dumps(said.body))
                self.books.answered[name] = (asked, said.status, kept)
        finally:
            self.books.under_way.discard(name)
        return said

    def _do(self, method: str, path: str, fields: Fields) -> Said:
        with self.books.lock:
            said = self._route(method, path, fields)
            if method == "POST":
                self.books.keep()
        return said

    def _route(self, method: str, path: str, fields: Fields) -> Said:
        if (method, path) == ("POST", "/v1/checkout/sessions"):
            return self._open(fields)
        if (method, path) == ("POST", "/v1/refunds"):
            return self._refund(fields)
        if (method, path) == ("GET", "/v1/events"):
            return Said(200, {"object": "list", "data": self.books.all("event")[:100]})
        if method == "POST" and (found := re.fullmatch(f"{_SESSION}/expire", path)):
            return self._expire(found[1])
        for kind, pattern in (
            ("checkout.session", _SESSION),
            ("payment_intent", r"/v1/payment_intents/([\w]+)"),
            ("refund", r"/v1/refunds/([\w]+)"),
        ):
            if method == "GET" and (found := re.fullmatch(pattern, path)):
                return self._show(kind, found[1], fields)
        return _error(404, f"Unrecognized request URL ({method}: {path})")

    def _open(self, fields: Fields) -> Said:
        lines = _lines(fields)
        total = sum(cents for cents, _currency in lines)
        currencies = {currency for _cents, currency in lines}
        if len(currencies) != 1 or total <= 0 or fields.get("mode") != "payment":
            return _error(400, "Line items of one currency and mode=payment are required")
        if "payment_method_types[0]" in fields:  # since API version 2026-09-30
            return _error(400, "payment_method_types is no longer supported")
        means = fields.get("allowed_payment_method_types[0]", "card")
        if means == "eps" and (total < _LEAST_EPS or currencies != {"eur"}):
            return _error(400, "The amount must be at least €1.00 eur for eps")
        session = self.books.make(
            "checkout.session",
            amount_total=total,
            currency=currencies.pop(),
            mode="payment",
            status="open",
            payment_status="unpaid",
            payment_intent=None,
            payment_method_types=[means],
            client_reference_id=fields.get("client_reference_id"),
            metadata=_inside(fields, "metadata"),
            locale=fields.get("locale", "auto"),
            success_url=fields.get("success_url", ""),
            cancel_url=fields.get("cancel_url", ""),
            expires_at=int(fields.get("expires_at", "0")) or 2**40,
            words=_inside_lines(fields),
        )
        session["url"] = f"{self.address}/pay/{session['id']}"
        return Said(200, session)

    def _expire(self, number: str) -> Said:
        session = self.books.get(number, "checkout.session")
        if session is None:
            return _missing("checkout.session", number)
        settle_clock(self.books, session)
        if session["status"] != "open":
            return _error(400, f"Only open sessions expire; this one is {session['status']}")
        let_expire(self.books, session)
        return Said(200, session)

    def _show(self, kind: str, number: str, fields: Fields) -> Said:
        thing = self.books.get(number, kind)
        if thing is None:
            return _missing(kind, number)
        if kind == "checkout.session":
            settle_clock(self.books, thing)
        intent = thing.get("payment_intent")
        if intent and fields.get("expand[0]") == "payment_intent":
            thing = {**thing, "payment_intent": self.books.get(intent, "payment_intent")}
        return Said(200, json.loads(json.dumps(thing)))

    def _refund(self, fields: Fields) -> Said:
        intent = self.books.get(fields.get("payment_intent", ""), "payment_intent")
        if intent is None:
            return _missing("payment_intent", fields.get("payment_intent", ""))
        rest = intent["amount_received"] - intent["refunded"]
        cents = int(fields.get("amount") or rest)
        if not 0 < cents <= rest:
            return _error(400, f"Refund amount is greater than unrefunded amount ({rest})")
        intent["refunded"] += cents
        refund = self.books.make(
            "refund",
            amount=cents,
            currency=intent["currency"],
            payment_intent=intent["id"],
            status="succeeded",
        )
        self.books.tell("refund.created", refund)
        return Said(200, refund)


def _lines(fields: Fields) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    while (at := f"line_items[{len(found)}]") + "[price_data][currency]" in fields:
        each = int(fields[f"{at}[price_data][unit_amount]"])
        number = int(fields.get(f"{at}[quantity]", "1"))
        found.append((each * number, fields[f"{at}[price_data][currency]"].lower()))
    return found


def _inside_lines(fields: Fields) -> list[tuple[str, int]]:
    return [
        (fields.get(f"line_items[{number}][price_data][product_data][name]", ""), cents)
        for number, (cents, _currency) in enumerate(_lines(fields))
    ]


def _inside(fields: Fields, name: str) -> Fields:
    return {
        key[len(name) + 1 : -1]: value
        for key, value in fields.items()
        if key.startswith(f"{name}[")
    }


def _missing(kind: str, number: str) -> Said:
    return _error(404, f"No such {kind}: '{number}'", code="resource_missing")


def _error(status: int, message: str, *, kind: str = "", code: str = "") -> Said:
    kind = kind or ("invalid_request_error" if status < 500 else "api_error")
    error = {"type": kind, "message": message, **({"code": code} if code else {})}
    return Said(status, {"error": {**error, "request_log": secrets.token_hex(4)}})


def _fault() -> Said:
    return _error(500, "Something went wrong on the payment service's end")
