"""Write the invented workforce counts of the worked example, in the layout in which councils publish theirs.

    python scripts/write_invented_workforce.py

The counts are made up: nobody was counted, and no figure is taken from a council. Each year starts from the shares
below and a random number generator with a fixed seed, so the same file is written each time. Some groups are small on
purpose, so that there is something to protect.
"""

import csv
from pathlib import Path
from random import Random

OUT = Path(__file__).resolve().parent.parent / "web/src/evenhand/demonstration/data/invented_workforce.csv"
ORGANISATION = "Exampleton City Council (invented)"
SEED = 2149
STAFF = {2026: 1_874, 2025: 1_852, 2024: 1_861, 2023: 1_839}
# Out of 1,000 staff. The last group of each characteristic takes what is left.
SHARES: dict[str, dict[str, int]] = {
    "age": {
        "15-24": 41,
        "25-34": 168,
        "35-44": 236,
        "45-54": 279,
        "65-69": 31,
        "70+": 6,
        "55-64": 0,
    },
    "disability": {"yes": 61, "prefernottosay": 22, "undisclosed": 84, "no": 0},
    "ethnicity": {
        "asian": 47,
        "black": 11,
        "mixed": 15,
        "other": 4,
        "prefernottosay": 12,
        "undisclosed": 58,
        "white": 0,
    },
    "gender": {"male": 352, "female": 0},
    "religion": {
        "buddhist": 4,
        "christian": 361,
        "hindu": 9,
        "jewish": 2,
        "muslim": 41,
        "other": 14,
        "prefernottosay": 43,
        "sikh": 4,
        "undisclosed": 171,
        "no": 0,
    },
    "sexuality": {
        "bisexual": 14,
        "gaylesbian": 23,
        "prefernottosay": 47,
        "undisclosed": 139,
        "usedifferentterm": 3,
        "straight": 0,
    },
}


def main() -> None:
    random = Random(SEED)  # noqa: S311  the same figures each time; nothing is kept secret
    rows = [row_of(year, staff, random) for year, staff in STAFF.items()]
    with OUT.open("w", newline="", encoding="utf-8") as text:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{OUT.name}: {len(rows)} years")


def row_of(year: int, staff: int, random: Random) -> dict[str, object]:
    row: dict[str, object] = {"published": year, "organisation": ORGANISATION, "employees": staff}
    for characteristic, shares in SHARES.items():
        *groups, last = shares
        counts = {group: vary(staff * shares[group] / 1_000, random) for group in groups}
        counts[last] = staff - sum(counts.values())
        row |= {f"{characteristic}_{group}": counts[group] for group in sorted(counts)}
    return row


def vary(expected: float, random: Random) -> int:
    """About the expected number: up to a tenth more or fewer, and at least one person either way."""
    spread = max(1.0, expected / 10)
    return max(0, round(expected + random.uniform(-spread, spread)))


if __name__ == "__main__":
    main()
