CREATE EXTERNAL TABLE IF NOT EXISTS `logs`(
  `id` bigint COMMENT 'it\'s', tags array<string>, m map<string,array<int>>,
  s struct<a:int,b:struct<c:string COMMENT 'x'>>)
COMMENT 'the logs'
PARTITIONED BY (`day` date COMMENT 'd', hour int)
CLUSTERED BY (id) INTO 8 BUCKETS
ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' STORED AS PARQUET LOCATION '/data/logs'
TBLPROPERTIES ('a'='b');
CREATE TABLE d.events (id BIGINT GENERATED ALWAYS AS IDENTITY, day DATE NOT NULL, v DECIMAL)
USING DELTA PARTITIONED BY (day);
