"""People's data protection rights: access, objection and erasure, and deletion at the end of retention periods."""
