"""From files to a scenario, or to every problem at once with its line."""
