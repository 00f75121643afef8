"""Restoring a backup into an empty system. The archive and everything read from it are in `operations.backup`."""
