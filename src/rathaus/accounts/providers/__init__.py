"""The outside systems that tell the house who somebody is."""
