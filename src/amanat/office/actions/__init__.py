"""What is done to agencies, workers and their roles. Handing over caseloads stands in `cases`, since it is about files."""
