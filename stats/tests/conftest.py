"""Property tests run the same examples every time, and take no offence at a slow machine."""

from hypothesis import settings

settings.register_profile("evenstat", derandomize=True, deadline=None, max_examples=150, database=None)
settings.load_profile("evenstat")
