CREATE OR REPLACE TABLE `my-proj.shop.orders` (
  id INT64 NOT NULL OPTIONS(description="the key"),
  lines ARRAY<STRUCT<sku STRING(20), n INT64 NOT NULL, price NUMERIC(10, 2)>>,
  big BIGNUMERIC, at TIMESTAMP DEFAULT CURRENT_TIMESTAMP(), raw JSON, b BYTES(16),
  PRIMARY KEY (id) NOT ENFORCED
) PARTITION BY DATE(at) CLUSTER BY id OPTIONS(description='orders', labels=[('a','b')]);
