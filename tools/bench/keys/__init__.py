"""`./run bench keys`: what a backup, a restore, an erasure, a rotation and a start cost; the caseloads are those of `./run bench data`."""
