"""What is read by itself and not in windows: what a payment is made up of, and codes."""
