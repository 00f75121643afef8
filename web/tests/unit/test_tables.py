import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.html import escape

HEAD = "{% load tables %}{% table %}{% columns %}{% column label %}{% column 'Staff' figure=True %}{% endcolumns %}"


def html(body: str, **context: object) -> str:
    return Template(f"{HEAD}{{% rows %}}{body}{{% endrows %}}{{% endtable %}}").render(
        Context({"label": "Name", **context})
    )


def test_a_cell_has_the_label_and_the_alignment_of_its_column() -> None:
    row = "{% row %}{% rowheader %}{{ name }}{% endrowheader %}{% cell %}12{% endcell %}{% endrow %}"
    shown = html(f"{row}{row}", name="<b>", label="Name <of it>")
    assert shown.count('<td role="cell" class="figure" data-label="Staff">12</td>') == 2
    assert shown.count(f'<th role="rowheader" scope="row">{escape("<b>")}</th>') == 2
    assert f'<th role="columnheader" scope="col">{escape("Name <of it>")}</th>' in shown


def test_classes_are_added_to_those_of_the_column() -> None:
    shown = html(
        "{% row classes='total' %}{% rowheader %}a{% endrowheader %}{% cell classes='wide' %}1{% endcell %}{% endrow %}"
    )
    assert '<tr role="row" class="total">' in shown
    assert '<td role="cell" class="figure wide" data-label="Staff">1</td>' in shown


def test_a_row_may_leave_its_last_columns_empty() -> None:
    assert 'colspan="1"></td>' in html("{% row %}{% rowheader %}a{% endrowheader %}{% no_cells 1 %}{% endrow %}")


@pytest.mark.parametrize(
    "cells", ["", "{% cell %}1{% endcell %}{% cell %}2{% endcell %}", "{% cell %}1{% endcell %}{% no_cells 1 %}"]
)
def test_a_row_with_cells_too_few_or_too_many_is_refused(cells: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="Staff"):
        html(f"{{% row %}}{{% rowheader %}}a{{% endrowheader %}}{cells}{{% endrow %}}")


def test_tables_after_one_another_do_not_share_columns() -> None:
    table = f"{HEAD}{{% endtable %}}"
    assert Template(table + table).render(Context({"label": "Name"})).count("<thead") == 2
