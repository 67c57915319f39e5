"""`jangbu backup` and `restore`."""
