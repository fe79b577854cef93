"""What comes in from outside as a table: one reader of files, one of column names, and the formats of other tools."""
