"""Pages of money: claims, receipts, refunds and accounting."""
