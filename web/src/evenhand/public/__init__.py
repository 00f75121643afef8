"""Public pages and files, built only from published plans and released figures."""
