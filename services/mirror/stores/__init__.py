"""A merchant's sub-stores: which one a row is asked of, and how each is read."""
