"""Real figures in, a scenario out that reproduces them before it predicts anything."""
