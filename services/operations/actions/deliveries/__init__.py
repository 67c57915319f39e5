"""What PAYCO and Paymentwall are told of a delivery, step by step; no reading shows it afterwards."""
