"""JavaScript that somebody pasted: read, never run."""
