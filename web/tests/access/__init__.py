"""Who may open each address: one table for each room, and one test over all of them (integration/test_access.py)."""
