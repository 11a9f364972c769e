"""A matter from filing to decision: inbox, deadlines, messages, corrections, decisions."""
