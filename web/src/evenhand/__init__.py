"""Evenhand: the site that keeps a public authority's equality objectives, measures, publications and record."""

__version__ = "0.3.0"
