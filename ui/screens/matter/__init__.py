"""One matter: head, story, clocks, people, claims, documents, papers, and the bar of next lawful acts."""
