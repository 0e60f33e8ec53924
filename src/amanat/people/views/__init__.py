"""Pages of the signed-in worker, and the ways in: `ways_in`, `proving`, `second_factors`, `account`."""
