"""Drafts of the legal documents that an authority must sign, filled in from the code and its settings.

Facts that the system knows are filled in, and everything else is a marked gap. No draft is legal advice, and each one
says so.
"""
