"""Deadlines: rules of counting, working days and holidays, pauses and extensions. What is due is in other modules."""
