"""Who did, saw or was refused what: a log that is only ever added to, and that shows when somebody changed it all the same."""
