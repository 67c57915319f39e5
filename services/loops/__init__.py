"""Loops that one process of several runs: whoever holds the lease."""
