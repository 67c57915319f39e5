"""Tables of the people who work with Jangbu."""
