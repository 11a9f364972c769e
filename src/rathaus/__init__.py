"""Rathaus, the open digital city hall: one program that a city installs on one machine."""
