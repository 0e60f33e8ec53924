"""Forms of the desk; a module for each register."""
