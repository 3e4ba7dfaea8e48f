"""One renderer a medium: terminal, page, spreadsheet, folder, JSON."""
