"""Staff pages of publications: what is being prepared, and each step on its way out. The public's are in `public`."""
