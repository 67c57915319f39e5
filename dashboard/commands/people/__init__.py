"""`jangbu access`: people and what they did with buyers' data."""
