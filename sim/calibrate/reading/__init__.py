"""Text to tables: what an export says, and what was understood of it."""
