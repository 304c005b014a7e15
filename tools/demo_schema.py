"""`./run demo`: loads the shop into DuckDB by its own script and shows that the constraints are on."""
import os
import sys

import duckdb

os.chdir(sys.argv[1])
con = duckdb.connect()
con.execute(open("_synthmill/load.duckdb.sql", encoding="utf-8").read())
print("\n── loaded into DuckDB with every constraint on " + "─" * 53)
for kind, table, text in con.execute(
        "SELECT constraint_type, table_name, constraint_text FROM duckdb_constraints() "
        "WHERE constraint_type <> 'NOT NULL' ORDER BY 2, 1").fetchall():
    print(f"{table:12} {text[:86]}")
print()
con.sql("SELECT c.first_name || ' ' || c.last_name AS customer, c.email, o.ordered_on, o.status, "
        "count(*) AS items, sum(i.quantity * i.unit_price) AS total "
        "FROM customers c JOIN orders o USING (customer_id) JOIN order_items i USING (order_id) "
        "GROUP BY ALL ORDER BY c.email, o.ordered_on LIMIT 5").show()
