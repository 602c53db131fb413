"""The written programme of 2011 and 2012: three counties, a city, and figures counted by hand."""
