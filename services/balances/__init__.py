"""What a payment is made up of: by what it was paid, how that is taxed, and what of it is left to refund."""
