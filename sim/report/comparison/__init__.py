"""Results of one scenario, or of several on the same customers: tables, sentences, charts, the document."""
