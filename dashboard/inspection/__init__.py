"""The inspection pack: the report as a page that prints well, and every finding as CSV."""
