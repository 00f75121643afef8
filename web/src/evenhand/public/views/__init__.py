"""One module for each kind of page. Every one is read-only and needs no sign-in."""
