"""Property tests use the same examples on every run and have no time limit."""

from hypothesis import settings

for profile in ("evenstat", "long"):  # examples.py has the difference
    settings.register_profile(profile, derandomize=True, deadline=None, max_examples=150, database=None)
settings.load_profile("evenstat")
