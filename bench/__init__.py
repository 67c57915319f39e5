"""Benchmarks: `make bench` prints medians, each beside a named baseline measured in the same run."""
