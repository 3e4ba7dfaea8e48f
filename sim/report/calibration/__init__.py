"""What the calibration reports: the figures given beside those of the model."""
