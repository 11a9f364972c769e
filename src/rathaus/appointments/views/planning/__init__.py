"""The pages on which planners maintain the counter."""
