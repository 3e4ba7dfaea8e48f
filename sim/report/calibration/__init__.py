"""What `calibrate` says of an export, and every report of the figures that were observed."""
