"""Pages about personal data: each person's own, and those for the people who answer requests for an authority."""
