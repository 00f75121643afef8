"""Who may open each address: one table for each app, all checked by integration/test_access.py."""
