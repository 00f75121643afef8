from access.rules import ANYONE, Rule

C = "/authorities/{authority}/"
PUBLICATION = f"{C}publications/workforce-2023-to-2026/"

RULES = {
    "public:home": Rule("/", opens=ANYONE),
    "public:authorities": Rule("/authorities/", opens=ANYONE),
    "public:authority": Rule(C, opens=ANYONE),
    "public:plan": Rule(
        "/authorities/liverpool-city-region-combined-authority/plans/equality-objectives/", opens=ANYONE
    ),
    "public:measure": Rule(f"{C}measures/representation-ethnicity/", opens=ANYONE),
    "public:measure_period": Rule(f"{C}measures/representation-ethnicity/2024/", opens=ANYONE),
    "public:publication": Rule(PUBLICATION, opens=ANYONE),
    "public:publication_period": Rule(f"{PUBLICATION}2024/", opens=ANYONE),
    "public:figures": Rule(f"{PUBLICATION}figures.csv", opens=ANYONE),
    "public:certificate": Rule(f"{PUBLICATION}certificate.json", opens=ANYONE),
    "public:worked_example": Rule("/worked-example/", opens=ANYONE),
    "public:methods": Rule("/methods/", opens=ANYONE),
    "public:sources": Rule("/sources/", opens=ANYONE),
    "public:accessibility": Rule("/accessibility/", opens=ANYONE),
}
