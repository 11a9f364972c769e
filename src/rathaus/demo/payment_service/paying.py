"""What people do on the payment service's page, and what it does to a session."""

from rathaus.demo.payment_service.books import Books, Thing, let_expire, settle_clock

PAY, DECLINE, CANCEL, LATER, NEVER = "pay", "decline", "cancel", "later", "never"
DEEDS = (PAY, DECLINE, CANCEL, LATER, NEVER)


class Over(Exception):
    """The session is paid or expired: nothing is done."""


def act(books: Books, session: Thing, deed: str, *, changed: Thing) -> str:
    """Do what somebody chose; the address where they go on, empty where they stay on the page.

    `later` pays with a means that is settled afterwards, `never` with one that fails afterwards.
    `changed` holds values that shall come out otherwise than ordered: an amount, a currency.
    Raises `Over`.
    """
    settle_clock(books, session)
    if session["status"] != "open":
        raise Over
    if deed == CANCEL:
        return str(session["cancel_url"])
    intent = _intent(books, session)
    if deed == DECLINE:
        intent["status"] = "requires_payment_method"
        books.tell("payment_intent.payment_failed", intent)
        return ""
    session["status"], session["url"] = "complete", None
    if deed == PAY:
        succeed(books, session, changed)
    else:
        intent["status"] = "processing"
        books.tell("checkout.session.completed", session)
        if deed == NEVER:
            fail(books, session)
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def succeed(books: Books, session: Thing, changed: Thing) -> None:
    """The money is there."""
    intent = _intent(books, session)
    at_once = intent["status"] != "processing"
    session.update(payment_status="paid", amount_total=session["amount_total"])
    intent.update(status="succeeded", amount_received=intent["amount"])
    if "amount" in changed:
        session["amount_total"] = intent["amount_received"] = changed["amount"]
    if "currency" in changed:
        session["currency"] = intent["currency"] = changed["currency"]
    books.tell("payment_intent.succeeded", intent)
    books.tell("charge.succeeded", intent)
    kind = "completed" if at_once else "async_payment_succeeded"
    books.tell(f"checkout.session.{kind}", session)


def fail(books: Books, session: Thing) -> None:
    """The money will not come."""
    intent = _intent(books, session)
    intent["status"] = "requires_payment_method"
    books.tell("checkout.session.async_payment_failed", session)


def expire(books: Books, session: Thing) -> None:
    """Let a session's time be over, without waiting for it."""
    if session["status"] == "open":
        let_expire(books, session)


def _intent(books: Books, session: Thing) -> Thing:
    known = books.get(session["payment_intent"] or "", "payment_intent")
    if known is not None:
        return known
    intent = books.make(
        "payment_intent",
        amount=session["amount_total"],
        amount_received=0,
        refunded=0,
        currency=session["currency"],
        status="requires_payment_method",
        metadata=session["metadata"],
        payment_method_types=session["payment_method_types"],
    )
    session["payment_intent"] = intent["id"]
    return intent
