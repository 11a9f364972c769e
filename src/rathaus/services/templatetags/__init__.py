"""Template filters of the services domain."""
