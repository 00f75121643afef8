"""Staff pages about the authority and its people. Each is behind the sign-in."""
