"""Protecting, checking, approving and publishing tables of figures. No other app may publish figures."""
