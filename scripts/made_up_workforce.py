"""A made-up employer, the same on every machine: nobody in it is real."""

from collections.abc import Iterator

import numpy as np

COLUMNS = ("directorate", "grade", "sex", "ethgroup", "ethnicity", "disability")
PEOPLE, YEARS, LEAVE = 2_000, (2024, 2025, 2026), 0.1
GROUPS = {
    "Asian": ("Bangladeshi", "Chinese", "Indian", "Pakistani", "Other Asian"),
    "Black": ("African", "Caribbean", "Other Black"),
    "Mixed": ("White and Asian", "White and Black African", "White and Black Caribbean", "Other mixed"),
    "Other": ("Arab", "Any other"),
    "White": ("British", "Irish", "Roma or Traveller", "Other White"),
}
SHARES = (0.7, 0.6, 2.5, 2.8, 0.7, 1.4, 0.6, 0.2, 0.6, 0.3, 0.9, 0.5, 0.5, 0.8, 82.0, 1.1, 0.1, 3.7)


def workforces() -> Iterator[tuple[int, dict[str, list[str]]]]:
    """The same employer in three years: each year a tenth leave, and as many join."""
    random = np.random.default_rng(20261125)
    people = _joiners(random, PEOPLE)
    for year in YEARS:
        yield year, {name: [person[at] for person in people] for at, name in enumerate(COLUMNS)}
        stay = [person for person in people if random.random() > LEAVE]
        people = stay + _joiners(random, PEOPLE - len(stay))


def _joiners(random: np.random.Generator, number: int) -> list[tuple[str, ...]]:
    ethnicities = [(group, each) for group, members in GROUPS.items() for each in members]
    shares = np.array(SHARES) / sum(SHARES)
    grades = np.array([0.8**each for each in range(12)]) / sum(0.8**each for each in range(12))
    return [
        (
            f"Directorate {random.integers(1, 9)}",
            f"Grade {random.choice(12, p=grades) + 1:02}",
            "Women" if random.random() < 0.64 else "Men",
            *ethnicities[random.choice(len(ethnicities), p=shares)],
            "Disabled" if random.random() < 0.08 else "Not disabled",
        )
        for _ in range(number)
    ]
