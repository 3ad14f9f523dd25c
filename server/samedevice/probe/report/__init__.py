"""What a probe found, for people: a table, Markdown, a page."""
