"""Programs of the services domain for the terminal."""
