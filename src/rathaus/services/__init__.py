"""What the city offers, found in the words of its people, and applied for online."""
