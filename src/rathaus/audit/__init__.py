"""The trail of who did what with whose data: append-only, chained, provable."""
