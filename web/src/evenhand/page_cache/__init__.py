"""The cache of public pages, and the counters that show which cached pages are out of date (docs/adr/0028).

What a page shows, and which actions change it, is declared by the layers above.
"""
