"""Sheets that staff upload: CSV and Excel files read, matched to the fields of a register, checked and compared."""
