"""Benchmarks: the public pages, the record of changes, and disclosure control."""
