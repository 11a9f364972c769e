"""People, departments, roles, and how they come in."""
