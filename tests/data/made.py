"""A generated target that many tests look at."""
from helpers.tables import open_tables

CUSTOMERS = 200_000


class Made:
    """Its folder, the result of --json, and a DuckDB connection."""

    def __init__(self, synthmill, folder, customers, *args):
        self.folder = folder
        self.result = synthmill("generate", "mdm", "--unique-customers", customers,
                                "--total-records", 4 * customers, "--truth", *args, "--to", folder,
                                "--json", "--quiet").json()
        self.db = open_tables(folder)

    def one(self, query):
        """The first row of a query; its value if it has one column."""
        row = self.db.execute(query).fetchone()
        return row[0] if len(row) == 1 else row

    def all(self, query):
        return self.db.execute(query).fetchall()

    def noise(self, rule):
        return next(n for n in self.result["noise"] if n["rule"] == rule)
