CREATE EXTERNAL TABLE IF NOT EXISTS logs.page_views (
  view_id BIGINT COMMENT 'number of the view',
  user_name STRING,
  url STRING,
  tags ARRAY<STRING>,
  props MAP<STRING, INT>,
  geo STRUCT<lat: DOUBLE, lon: DOUBLE>,
  ratio DECIMAL(5,4)
)
PARTITIONED BY (load_date DATE)
STORED AS PARQUET
LOCATION 's3://bucket/logs'
TBLPROPERTIES ('parquet.compression' = 'SNAPPY');
