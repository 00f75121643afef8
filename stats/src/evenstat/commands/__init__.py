"""What each command of `evenstat` does: files in, an answer and perhaps a file out. Nothing is worked out here."""
