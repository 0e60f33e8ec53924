"""The tree of processes that serves a workspace: a supervisor that holds the keys and no database, and the children it gives them to."""
