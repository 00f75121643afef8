"""How many examples of a slow property are tested: all in `make test-long`, a quarter of them in `make test`."""

from hypothesis import settings

ALWAYS = 10


def examples(number: int) -> settings:
    """A decorator for a test of a property. `number` is for `make test-long`."""
    if settings.get_current_profile_name() == "long":
        return settings(max_examples=number)
    return settings(max_examples=max(ALWAYS, number // 4))
