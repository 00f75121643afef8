"""Staff pages of publications: preparing them and taking each step. The public pages are in `public`."""
