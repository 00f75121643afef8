"""Running the system and moving away from it: backup, restore, export, doctor, health, metrics, legal documents.

Each is a package or module of its own. `backup` imports none of the others.
"""
