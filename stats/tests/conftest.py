"""Property tests use the same examples on every run and have no time limit."""

from hypothesis import settings

settings.register_profile("evenstat", derandomize=True, deadline=None, max_examples=150, database=None)
settings.load_profile("evenstat")
