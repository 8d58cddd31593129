"""What makes Rasa private and quick: each part at one of Rasa's own extension points, each with its reason."""
