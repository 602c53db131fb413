"""Search and earlier-matter hints for one viewer: the search rooms with the policy's conditions and the register's filters put in."""
