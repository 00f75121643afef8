"""The plans of the invented authorities: the words of the two real documents, quoted and linked."""

import yaml

from evenhand.plans.document import PlanDocument
from evenhand.plans.reading import read_plan

LINE_LENGTH = 120  # characters


def adopted(data: bytes, name: str, *, authority: str, authority_name: str) -> bytes:
    """Return the plan file of an invented authority that adopts this plan, clause by clause and word for word."""
    real = read_plan(data, name)
    link = f"/authorities/{real.authority}/plans/{real.slug}/"
    source = real.source.model_copy(
        update={
            "note": f"The words are quoted from this document, which {authority_name} has adopted word for word. "
            "It says nothing about the body whose words they are.",
            "address": link,
        }
    )
    plan = real.model_copy(
        update={
            "authority": authority,
            "slug": "adopted-equality-objectives",
            "title": f"Equality objectives of {authority_name}",
            "status": "adopted",
            "wording_note": f"{authority_name} does not exist. The words are those of “{real.title}”, "
            f"published by {real.source.publisher}.",
            "source": source,
            "invented": True,
        }
    )
    return _to_yaml(plan)


def _to_yaml(plan: PlanDocument) -> bytes:
    content = plan.model_dump(mode="json", exclude_defaults=True)
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=LINE_LENGTH)
    return f"# Invented, to show how the site works.\n{text}".encode()
