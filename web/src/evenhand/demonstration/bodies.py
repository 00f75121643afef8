"""The authorities of the demonstration: real ones, shown from what they have published, and two invented ones."""

from dataclasses import dataclass

from evenhand.authorities.enums import Kind, Role

LCR = "liverpool-city-region-combined-authority"
EXAMPLE_COMBINED_AUTHORITY = "exampleton-combined-authority-invented"
EXAMPLE_AUTHORITY = "exampleton-city-council-invented"  # its accounts are printed, because it has figures


@dataclass(frozen=True)
class Body:
    slug: str
    name: str
    kind: Kind
    area_code: str
    area_name: str
    parent: str = ""


REAL = (
    Body(
        LCR, "Liverpool City Region Combined Authority", Kind.COMBINED_AUTHORITY, "E47000004", "Liverpool City Region"
    ),
    Body("halton-borough-council", "Halton Borough Council", Kind.UNITARY_AUTHORITY, "E06000006", "Halton", LCR),
    Body("knowsley-council", "Knowsley Council", Kind.METROPOLITAN_DISTRICT, "E08000011", "Knowsley", LCR),
    Body("liverpool-city-council", "Liverpool City Council", Kind.METROPOLITAN_DISTRICT, "E08000012", "Liverpool", LCR),
    Body(
        "st-helens-borough-council",
        "St Helens Borough Council",
        Kind.METROPOLITAN_DISTRICT,
        "E08000013",
        "St Helens",
        LCR,
    ),
    Body("sefton-council", "Sefton Council", Kind.METROPOLITAN_DISTRICT, "E08000014", "Sefton", LCR),
    Body("wirral-council", "Wirral Council", Kind.METROPOLITAN_DISTRICT, "E08000015", "Wirral", LCR),
    Body("calderdale-council", "Calderdale Council", Kind.METROPOLITAN_DISTRICT, "E08000033", "Calderdale"),
    Body("leeds-city-council", "Leeds City Council", Kind.METROPOLITAN_DISTRICT, "E08000035", "Leeds"),
)
# The area codes stand for nothing; evidence/data/census2021_adults16.toml says whose figures they are given.
INVENTED = (
    Body(
        EXAMPLE_COMBINED_AUTHORITY,
        "Exampleton Combined Authority (invented)",
        Kind.COMBINED_AUTHORITY,
        "X00000001",
        "Exampleton City Region (invented)",
    ),
    Body(
        EXAMPLE_AUTHORITY,
        "Exampleton City Council (invented)",
        Kind.METROPOLITAN_DISTRICT,
        "X00000002",
        "Exampleton (invented)",
        EXAMPLE_COMBINED_AUTHORITY,
    ),
)

# Invented units, each with the units in it. The wards are made up too.
UNITS = {
    "People and Culture": ("Equality and Inclusion", "Workforce Information"),
    "Neighbourhoods": ("Larkmoor ward", "Quayside Green ward", "Tannery Hill ward"),
}
POSTS = {
    Role.VIEWER: "Councillor’s assistant",
    Role.OFFICER: "Equality officer",
    Role.ANALYST: "Workforce analyst",
    Role.APPROVER: "Director of people",
    Role.ADMINISTRATOR: "Head of information",
    Role.SCRUTINY: "Scrutiny officer",
}
UNIT_OF_ROLE = {
    Role.OFFICER: "Equality and Inclusion",
    Role.ANALYST: "Workforce Information",
    Role.APPROVER: "People and Culture",
    Role.VIEWER: "Larkmoor ward",
}
