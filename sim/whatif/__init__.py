"""What if: sliders of a scenario, and its answer on the same customers while somebody moves them."""
