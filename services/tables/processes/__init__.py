"""Tables of what several processes on one database share."""
