"""eps, the online transfer of Austrian banks, at least one euro: today by the same payment service.

The city's own contract under the scheme (Stuzza eps 2.6: signed XML to the bank's scheme operator,
vitality check, confirmation) would be a class here beside this one, with the same four questions.
It is not written: no operator's test environment was within reach to prove it against.
"""

from rathaus.payments.incoming import Means
from rathaus.payments.providers.stripe import StripeCheckout


class EpsByStripe(StripeCheckout):
    """eps as payment method of Stripe's hosted page."""

    def __init__(self) -> None:
        super().__init__(Means.EPS)
