"""Checkouts: what buyers pay or register in the payment window, asked for by a link or by a shop's own page."""
