"""The README of an export, for people who open it without Evenhand."""

from evenhand.operations.export.scope import ExportScope

README = """\
{title}

This folder is a full copy of {content}, in formats that any program can read. You do not need Evenhand to use it.

tables/      one CSV file for each table (UTF-8, RFC 4180, column names in the first line). Every value is in quotes.
             Nothing between two commas means that there is no value. Times are UTC. If a column contains JSON, a file
             of the same name ending in .jsonl has the same rows as one line of JSON each. Rows are sorted by id.
schema.json  the meaning, type and sensitivity of every table and column, and the references between tables, as CSV on
             the Web (W3C) metadata.
files/       every stored file, private and public, named by the SHA-256 of its content. files.csv lists their original
             names and the rows that use them.
record/      the record of changes: who did what and when. To verify it, run `python3 record/verify.py`. There is a file
             for each authority; the one named with zeros is for changes that belong to no authority.

A row with “(invented)” in the column `mark` is made up: it belongs to an invented authority, for trying things out.

{left_out}
This export contains unprotected counts of people and personal details. Keep it where only people who need it can read
it. Some text may begin with = but is not a formula: open the tables as data, not in a program that runs formulas.
"""
LEFT_OUT_OF_ALL = """\
Not exported: passwords, two-factor authentication secrets, keys, links and sessions (nobody can sign in with this
copy), and data about the running processes of the installation. schema.json lists each table and column left out.
"""
LEFT_OUT_OF_ONE = """\
Not exported: the data of other authorities; people's sign-in details, which are not the authority's; stored files that
also contain figures of other authorities (files.csv lists them). A reference to another authority is empty.
"""


def readme(scope: ExportScope) -> str:
    authority = scope.authority
    return README.format(
        title=f"Data of {authority}" if authority else "All data of this installation of Evenhand",
        content=f"the data of {authority}" if authority else "all data",
        left_out=LEFT_OUT_OF_ONE if authority else LEFT_OUT_OF_ALL,
    )
