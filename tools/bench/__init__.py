"""`./run bench`: seeded caseloads through the verbs that everybody uses, measured over HTTP; writes docs/benchmarks.md."""
