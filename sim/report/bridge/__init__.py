"""What a bridge says: a table, waterfalls, and one sentence."""
