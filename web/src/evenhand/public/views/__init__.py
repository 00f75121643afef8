"""The views of the public pages. They are read-only and need no sign-in."""
