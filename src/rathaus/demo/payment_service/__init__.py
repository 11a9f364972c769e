"""A payment service for the demo and for tests: a process of its own that speaks of Stripe's API
what the house uses, with pages to click through and with every fault that the net has.

It knows nothing of the house and imports nothing of it. No money moves.
"""

KEY, SECRET = "sk_simulator_rathaus", "whsec_simulator_rathaus"
"""No secrets: they open nothing but this."""
