"""Alarms of this process: who is told by its settings, in which words, and the loop that does it."""
