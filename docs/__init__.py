"""What is written for readers, and the programs that make it."""
