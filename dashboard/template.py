"""Pages that stand alone, without Streamlit: each begins with head.html, and everything in it is escaped."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template


@cache
def template(file: Path) -> Template:
    """A page by its file."""
    folders = FileSystemLoader([file.parent, Path(__file__).parent])
    return Environment(loader=folders, autoescape=True).get_template(file.name)
