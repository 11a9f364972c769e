"""Everything that reads cases for others."""
