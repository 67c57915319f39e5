"""`python -m dashboard` is the jangbu command."""

from dashboard.cli import app

app()
