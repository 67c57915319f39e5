"""The V1 client."""

from services.gateway.client import Gateway

__all__ = ["Gateway"]
