"""Reports: what was found, on the terminal, as JSON, and as a folder with tables, charts and a page."""
