"""What an authority has promised, as written; not what is measured (evidence) nor made public (releases)."""
