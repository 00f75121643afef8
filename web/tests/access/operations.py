from access.rules import ANYONE, Rule

RULES = {
    "operations:live": Rule("/health/live", opens=ANYONE),
    "operations:ready": Rule("/health/ready", opens=ANYONE, statuses=frozenset({200, 503})),
    # for anyone whom the settings name, by address or token: test_health.py
    "operations:metrics": Rule("/metrics", opens=ANYONE, statuses=frozenset({404})),
    "operations:security_txt": Rule("/.well-known/security.txt", opens=ANYONE, statuses=frozenset({200, 404})),
    "operations:security": Rule("/security/", opens=ANYONE),
    "operations:robots_txt": Rule("/robots.txt", opens=ANYONE),
}
