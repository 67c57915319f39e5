"""The commands of `jangbu`, a file an idea; dashboard/cli.py puts them together."""
