"""Many links at once, of a file: each row is looked at first, then they are made some hundreds at a time."""
