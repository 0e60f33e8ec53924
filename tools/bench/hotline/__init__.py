"""`./run bench hotline`: how soon a call stands on screens, how long a save takes, and what is left of it all after kills."""
