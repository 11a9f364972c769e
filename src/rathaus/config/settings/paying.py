"""By whom people can pay online: keys and address of the payment service."""

import os
from urllib.parse import urlsplit

STRIPE = "https://api.stripe.com"
STRIPE_PAGES = "https://checkout.stripe.com"

# Without a key nobody can pay online; bank transfer and counter remain.
STRIPE_KEY = os.environ.get("RATHAUS_STRIPE_KEY", "")
STRIPE_API = os.environ.get("RATHAUS_STRIPE_API", STRIPE).rstrip("/")
# Several while one is exchanged for another, separated by commas.
STRIPE_WEBHOOK_SECRETS = [
    secret for secret in os.environ.get("RATHAUS_STRIPE_WEBHOOK_SECRET", "").split(",") if secret
]
STRIPE_SECONDS_TO_WAIT = 5.0
STRIPE_RETRIES = 2

# Where people pay: the address to which a form of ours may lead, for the content security policy.
PAYMENT_PAGES = (
    [os.environ.get("RATHAUS_STRIPE_PAGES", STRIPE_PAGES if STRIPE_API == STRIPE else STRIPE_API)]
    if STRIPE_KEY
    else []
)


def why_not_for_money(key: str, api: str, secrets: list[str]) -> str:
    """What forbids these values where real money moves, or nothing."""
    address = urlsplit(api)
    if not key:
        return ""
    if "simulator" in key or any("simulator" in secret for secret in secrets):
        return "RATHAUS_STRIPE_KEY belongs to the simulator of the demo"
    if address.scheme != "https" or address.hostname in ("localhost", "127.0.0.1", "::1"):
        return "RATHAUS_STRIPE_API must be https and not this machine"
    if not secrets:
        return "RATHAUS_STRIPE_WEBHOOK_SECRET is missing"
    return ""
