"""A new item: visit, letter, call, web, in the order of talk at the counter."""
