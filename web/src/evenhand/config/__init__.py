"""Settings, addresses and the command line: where the rooms are put together. Nothing else imports from here."""
