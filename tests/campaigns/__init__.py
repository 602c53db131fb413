"""Long, seeded campaigns: each is a make target that ends with one line of figures and fails when anything is lost."""
