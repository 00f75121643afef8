"""Evenstat: equality statistics as pure functions. No web, clock or network; only the command line reads files."""
