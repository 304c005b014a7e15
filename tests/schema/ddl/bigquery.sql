CREATE TABLE `shop.events` (
  event_id STRING NOT NULL OPTIONS (description = "the event"),
  user_id INT64,
  amount NUMERIC(10, 2),
  labels ARRAY<STRING>,
  place STRUCT<city STRING(40), zip STRING>,
  at TIMESTAMP NOT NULL,
  day DATE
) PARTITION BY day CLUSTER BY user_id;
