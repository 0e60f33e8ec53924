"""`./run bench forms`: what forms cost: converting, compiling, and what a page does each time somebody goes on."""
