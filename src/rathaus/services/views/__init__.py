"""Pages of the services domain."""
