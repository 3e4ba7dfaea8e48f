"""What `calibrate` says."""
