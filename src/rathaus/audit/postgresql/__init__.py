"""Django's PostgreSQL engine, with a note of every personal row that is read while staff work."""
