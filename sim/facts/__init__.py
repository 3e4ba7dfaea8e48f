"""What follows from a scenario without simulating it."""
