"""A child, their cases, and what is written about them: verbs and pages. Who may do or see it is decided in `access`."""
