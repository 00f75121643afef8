"""Staff pages for plans: the list, a plan with its check, upload and publication."""
