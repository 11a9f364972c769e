"""The outside systems by which money comes."""
