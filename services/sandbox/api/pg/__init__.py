"""Calls that only some PGs have."""
