"""What is read of the gateway when somebody asks for it, and at no sync."""
