"""Rathaus, the open digital city hall: one program that a mid-sized city installs on one machine."""
