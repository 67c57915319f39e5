"""What only some PGs can do."""
