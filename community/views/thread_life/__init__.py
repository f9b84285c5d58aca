"""What is done to a thread beside answering it: time, summary, marks on answers."""
