"""Standard codes of banks and card companies, and what they are called."""
