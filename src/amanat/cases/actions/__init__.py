"""What people do to a child's file, a module a theme. Each verb: policy, version, one transaction, timeline, audit."""
