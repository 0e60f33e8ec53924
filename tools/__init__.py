"""What `./run test`, `./run lint` and `./run bench` do. Nothing here is part of the product."""
