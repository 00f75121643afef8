"""Exports of all data, or one authority's, in open formats. Only a backup can be restored."""
