"""Backups: what goes into one, writing it, reading and checking it. Restoring one is in `operations.restore`."""
