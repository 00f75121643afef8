"""Evenstat: equality statistics as pure functions. No web, clock or network; files only in `cli`."""
