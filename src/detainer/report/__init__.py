"""What is counted and published: statutory reports and briefs, each figure with its definition and its basis."""
