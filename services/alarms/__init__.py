"""Alarms: what is the matter, by figures that are kept anyway, and that each receiver is told of it once."""
