CREATE TABLE IF NOT EXISTS sales (
  salesid integer NOT NULL encode az64,
  listid integer NOT NULL encode az64,
  buyer_email varchar(100) encode lzo,
  qtysold smallint NOT NULL,
  pricepaid decimal(8,2) encode az64,
  saletime timestamp without time zone,
  primary key (salesid),
)
DISTSTYLE KEY DISTKEY (listid) COMPOUND SORTKEY (saletime);
