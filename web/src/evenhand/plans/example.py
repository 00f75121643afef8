"""A short plan in the plan format, shown where a plan is uploaded. docs/plan-format.md describes every field."""

_EXAMPLE = """\
format: evenhand-plan/1
authority: {authority}
slug: equality-objectives-2026-2030
title: Equality objectives 2026 to 2030
status: draft
period: 2026 to 2030
source:
  title: Equality objectives 2026 to 2030
  publisher: The name of your authority
  dated: 2026-04-01
  read_on: 2026-11-22
  rights: no licence is stated in the document
nodes:
  - kind: objective
    ref: "1"
    heading: Homes that fit
    wording: >-
      Disabled residents who need an adapted home will wait no longer for it
      than other applicants wait for theirs.
    children:
      - kind: priority
        ref: "1.1"
        wording: List every adapted home in the housing register.
"""


def example_text(authority_slug: str) -> str:
    return _EXAMPLE.format(authority=authority_slug)
