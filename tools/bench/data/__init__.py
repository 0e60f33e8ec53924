"""`./run bench data`: is a child found again, how soon, and how fast files come in; beside two peers that work on clear text.

The names are invented by rules of this package (`stems`, `spelling`, `registry`, `asking`), written apart from the product's fold.
"""
