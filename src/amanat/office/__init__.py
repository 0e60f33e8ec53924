"""The verbs and pages on users, roles and packs, and what the data protection officer sees of the office."""
