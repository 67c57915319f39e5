"""What changes identity verifications: erasing one, having a one-time number sent, confirming it."""
