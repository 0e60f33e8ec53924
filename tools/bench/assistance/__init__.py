"""`./run bench assistance`: a centre's days of years and plans of many children; its pages, and five people who write one plan."""
