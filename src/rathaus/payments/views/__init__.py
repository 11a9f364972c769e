"""Pages of money: paying, claims, receipts, refunds, the counter and accounting."""
