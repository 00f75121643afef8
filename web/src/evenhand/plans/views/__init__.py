"""Staff pages of plans: what is held, what its check says, taking one in and publishing it."""
