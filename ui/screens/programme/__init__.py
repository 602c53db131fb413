"""Key-case programmes: stages, targets and reports; the cases of each, and the file of one. Progress is evidence."""
