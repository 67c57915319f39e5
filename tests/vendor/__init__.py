"""The vendor's menu of calls, and what of it Jangbu can do."""
