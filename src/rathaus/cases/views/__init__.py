"""Pages of a case: parse, act, show."""
