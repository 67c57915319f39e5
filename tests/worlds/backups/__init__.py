"""For tests of backups: what stands in a store, and who writes to it meanwhile."""
