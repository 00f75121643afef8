from access.rules import ANYONE, Rule

RULES = {
    # someone who is signed in already is sent on to their work
    "account_login": Rule("/sign-in/", opens=ANYONE, posts=ANYONE, answers=frozenset({200, 302})),
    # a stranger is signed out already, and is sent home
    "account_logout": Rule("/sign-out/", opens=ANYONE, posts=ANYONE, answers=frozenset({200, 302})),
}
