"""For tests: a thread of the task process stands still where a file says, until somebody kills the process, however long that takes."""
