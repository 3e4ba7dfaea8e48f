"""The answer of `targets`: tables, sentences, heat maps, the document."""
