"""The mechanisms: one file each, with its keys, its law and what is said of it. Each is off when absent."""
