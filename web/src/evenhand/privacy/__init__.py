"""A person's rights over what is held about them: access, objection, erasure, and the clock of retention."""
