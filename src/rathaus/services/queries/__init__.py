"""Everything that others may read of the services domain."""
