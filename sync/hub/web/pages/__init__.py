"""What each page does: plain functions from what is asked to a page, one room a subject."""
