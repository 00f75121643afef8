"""Signing in: passwords, two-factor authentication, passkeys, single sign-on and sessions."""
