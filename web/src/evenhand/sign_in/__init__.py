"""Letting people in: passwords, second factors, passkeys, a body's own sign-in service, sessions."""
