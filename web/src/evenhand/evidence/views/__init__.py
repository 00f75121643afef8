"""Staff pages of stored figures. Unprotected figures are shown only to roles with permission to see them."""
