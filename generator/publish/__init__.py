"""From artifacts to an output folder: nothing lost, nothing half-done, nothing made twice."""
