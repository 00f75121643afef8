"""A synthetic employer, identical on every machine. No real person is in it."""

from collections.abc import Iterator

import numpy as np

COLUMNS = ("directorate", "grade", "sex", "ethgroup", "ethnicity", "disability")
PEOPLE, YEARS, LEAVING_RATE = 2_000, (2024, 2025, 2026), 0.1
GROUPS = {
    "Asian": ("Bangladeshi", "Chinese", "Indian", "Pakistani", "Other Asian"),
    "Black": ("African", "Caribbean", "Other Black"),
    "Mixed": ("White and Asian", "White and Black African", "White and Black Caribbean", "Other mixed"),
    "Other": ("Arab", "Any other"),
    "White": ("British", "Irish", "Roma or Traveller", "Other White"),
}
SHARES = (0.7, 0.6, 2.5, 2.8, 0.7, 1.4, 0.6, 0.2, 0.6, 0.3, 0.9, 0.5, 0.5, 0.8, 82.0, 1.1, 0.1, 3.7)


def workforces() -> Iterator[tuple[int, dict[str, list[str]]]]:
    """The same employer in three years. Each year a tenth of the staff leave and as many join."""
    random = np.random.default_rng(20261125)
    people = _joiners(random, PEOPLE)
    for year in YEARS:
        yield year, {name: [person[position] for person in people] for position, name in enumerate(COLUMNS)}
        stayers = [person for person in people if random.random() > LEAVING_RATE]
        people = stayers + _joiners(random, PEOPLE - len(stayers))


def _joiners(random: np.random.Generator, number: int) -> list[tuple[str, ...]]:
    ethnicities = [(group, ethnicity) for group, members in GROUPS.items() for ethnicity in members]
    shares = np.array(SHARES) / sum(SHARES)
    grades = np.array([0.8**grade for grade in range(12)]) / sum(0.8**grade for grade in range(12))
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
