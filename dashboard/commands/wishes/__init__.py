"""What commands ask for, written into the journal."""
