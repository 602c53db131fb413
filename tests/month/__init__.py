"""A written working month of a county: what comes in, every step with its day, and the due dates worked out by hand."""
