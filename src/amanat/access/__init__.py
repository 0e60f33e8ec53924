"""Who may see or do what: the policy and its tables, grants, consent, conflict, emergency access.

`verb`, `page` and the loaders are the only ways in.
"""
