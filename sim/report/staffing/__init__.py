"""The answer of `staff`: tables, sentences, charts, the document."""
