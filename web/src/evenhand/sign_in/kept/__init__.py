"""Nothing entered is lost: forms sent after the session ended, forms sent twice, and Back after a form.

What is needed for this is kept encrypted for at most 30 minutes, and given back to the same person only. Files,
passwords and codes are never kept, and neither are the fields that a view lists in `fields_not_kept`.
"""
