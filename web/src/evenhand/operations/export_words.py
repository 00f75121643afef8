"""What stands in an export's README, for whoever opens it without this system."""

from evenhand.operations.export_scope import Scope

README = """\
{title}

This folder is a whole copy of {what}, in forms that any program can read. It needs nothing of Evenhand's.

tables/      one CSV file for each kind of thing (UTF-8, RFC 4180, the first line names the columns). A value that is
             there stands in quotes; nothing between two commas means that there is no value. Times are UTC. A file of
             the same name ending in .jsonl says the same as one line of JSON for each row, where a value is itself a
             structure. Rows are sorted by their id.
schema.json  what every table and column means, its type, how sensitive it is, and which column points at which: the
             form is CSV on the Web (W3C).
files/       every kept file, private and public, under the SHA-256 of its content. files.csv says what each was called
             and which rows use it.
record/      the record of changes: who did what and when. `python3 record/verify.py` goes over it. A file for each
             authority, and one of zeros for what belongs to none.

{left_out}
Counts about people and personal details are in here, not protected as publications are. Keep the folder where only
those who must can read it. A text that begins with = is a text: open the tables as data, not as a sheet that works
things out.
"""
LEFT_OUT_OF_ALL = """\
Left out: passwords, second steps of signing in, keys, links and sessions (nobody can sign in anywhere with this copy),
and what this installation notes about its own processes. schema.json names each table and column that is left out.
"""
LEFT_OUT_OF_ONE = """\
Left out: everything of other authorities; how people sign in, which is theirs and not the authority's; a kept file that
holds figures of other authorities too (files.csv names it). A reference to another authority is empty.
"""


def readme(scope: Scope) -> str:
    authority = scope.authority
    return README.format(
        title=f"What {authority} held here" if authority else "Everything that this installation of Evenhand held",
        what=f"what belongs to {authority}" if authority else "everything",
        left_out=LEFT_OUT_OF_ONE if authority else LEFT_OUT_OF_ALL,
    )
