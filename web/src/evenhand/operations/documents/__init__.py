"""Drafts of the documents that an authority must sign, filled from the code and its settings.

What the system knows is stated; what it can't know is a marked gap. No draft is legal advice, and each says so.
"""
