"""Who signs in: people with their roles, sessions and tokens."""
