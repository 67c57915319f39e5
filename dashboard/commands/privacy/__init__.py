"""Whose data is kept: what the law wants gone goes, and what a buyer asks for is found, told and erased."""
