"""The pages for signing in and out, and for managing how you sign in."""
