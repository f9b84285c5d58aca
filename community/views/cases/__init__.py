"""What members bring before moderators beside messages: requests to join, and reports of what is out."""
