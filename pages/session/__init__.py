"""What one visitor's session holds and asks for: photos, answers, heat maps, a seat."""
