"""What people do with an import, and bringing files out. The work between two of these verbs stands in `work`."""
