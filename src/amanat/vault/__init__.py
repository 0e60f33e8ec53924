"""What is secret: subjects and their data keys, sealed fields and files, the keyed index. It knows nothing of who may look."""
