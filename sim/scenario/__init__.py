"""What a scenario says: frozen objects with every default filled in."""
