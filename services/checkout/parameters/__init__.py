"""The parameters of the payment window: one row each, with rules for a kind of checkout, a PG and a merchant."""
