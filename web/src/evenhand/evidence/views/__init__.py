"""Staff pages of figures as they are held. Only those whose role says so see one before it is protected."""
