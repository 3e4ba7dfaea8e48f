"""What a scenario file may say, and what it says back when it may not."""
