"""Pages about people's own data: each person's own, and those of whoever answers for the authority."""
