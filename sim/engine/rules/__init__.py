"""The rules of a contact, written once and called by both engines."""
