"""What starts, stops, saves, checks and measures the program from outside, without Django."""
