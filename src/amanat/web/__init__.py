"""The page shell, its components and forms; knows nothing of children, workers or policy."""
