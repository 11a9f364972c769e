"""What planners read: their locations and people, the plan's rows, and whom a change hits."""
