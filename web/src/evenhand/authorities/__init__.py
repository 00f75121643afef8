"""Public bodies, the people who work for them, their roles, and who may do what."""
