"""Who calls: settled before any centre is simulated, so that two scenarios of a seed meet the same people.

This room knows nothing of staffing or of what a centre does with its customers.
"""
