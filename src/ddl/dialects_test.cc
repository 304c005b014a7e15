// DDL as each dialect's tools write it, read without its dialect being named.
#include <gtest/gtest.h>

#include "ddl/dialect.h"
#include "ddl/reader.h"

namespace synthmill::ddl {
namespace {

using Kind = Type::Kind;

Catalog Read(std::string text, ReadOptions options = {}) {
  return ReadDdl({{"a.sql", std::move(text)}}, options);
}

std::string Problems(const Catalog& catalog) {
  std::string all;
  for (const Problem& problem : catalog.problems) all += RenderProblem(catalog, problem);
  return all;
}

const Column& At(const Catalog& c, size_t table, const std::string& column) {
  static const Column none;
  if (table >= c.tables.size()) return none;
  const int index = c.tables[table].Find(column);
  return index < 0 ? none : c.tables[table].columns[static_cast<size_t>(index)];
}

uint64_t Skipped(const Catalog& catalog, const std::string& kind) {
  for (const SkippedStatements& skipped : catalog.skipped)
    if (skipped.kind == kind) return skipped.count;
  return 0;
}

using Names = std::vector<std::string>;

TEST(DdlDialects, EveryEntrysExampleIsReadAndRecognised) {
  for (const DialectEntry* entry : Dialects()) {
    const Catalog c = ReadDdl({{"x", entry->example}});
    EXPECT_EQ(Problems(c), "") << entry->name;
    ASSERT_EQ(c.tables.size(), 1u) << entry->name;
    EXPECT_STREQ(DialectName(c.tables[0].dialect), entry->name);
    EXPECT_EQ(ParseDialect(entry->name), entry->dialect);
    EXPECT_GT(std::string(entry->help).size(), 3u);
    for (const std::string_view alias : entry->aliases)
      EXPECT_EQ(ParseDialect(alias), entry->dialect) << alias;
  }
  EXPECT_EQ(ParseDialect("cobol"), std::nullopt);
}

TEST(DdlDialects, PgDumpWithCopySequencesAndKeysByAlter) {
  const Catalog c = Read(R"(--
-- PostgreSQL database dump
--
\connect shop
SET statement_timeout = 0;
CREATE TYPE public.mood AS ENUM ('sad', 'it''s ok');
CREATE DOMAIN public.year AS integer CONSTRAINT year_check CHECK (((VALUE >= 1901) AND (VALUE <= 2155)));
CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO x VALUES (1); -- it's
  RETURN NEW;
END $$;
CREATE TABLE public.customer (
    customer_id integer NOT NULL,
    email character varying(50),
    tags text[] DEFAULT '{}'::text[],
    m public.mood DEFAULT 'sad'::public.mood NOT NULL,
    born public.year,
    price numeric(5,2) DEFAULT 4.99 NOT NULL,
    created timestamp without time zone DEFAULT now() NOT NULL,
    CONSTRAINT price_check CHECK ((price > (0)::numeric))
);
ALTER TABLE public.customer OWNER TO postgres;
CREATE SEQUENCE public.customer_customer_id_seq START WITH 100 INCREMENT BY 5 NO MINVALUE CACHE 1;
ALTER TABLE ONLY public.customer ALTER COLUMN customer_id SET DEFAULT nextval('public.customer_customer_id_seq'::regclass);
COPY public.customer (customer_id, email) FROM stdin;
1	it's; CREATE TABLE no (x int);
\.
ALTER TABLE ONLY public.customer
    ADD CONSTRAINT customer_pkey PRIMARY KEY (customer_id);
CREATE UNIQUE INDEX by_mail ON public.customer USING btree (email);
CREATE TABLE public.orders (id bigserial, customer_id integer NOT NULL);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT fk FOREIGN KEY (customer_id) REFERENCES public.customer(customer_id) ON UPDATE CASCADE ON DELETE RESTRICT;
COMMENT ON TABLE public.customer IS 'who buys';
COMMENT ON COLUMN public.customer.email IS 'may be
on two lines';
)");
  EXPECT_EQ(Problems(c), "");
  ASSERT_EQ(c.tables.size(), 2u);
  EXPECT_EQ(c.tables[0].dialect, Dialect::kPostgres);
  EXPECT_EQ(c.tables[0].name.qualifier, Names{"public"});
  const Column& id = At(c, 0, "customer_id");
  EXPECT_TRUE(id.identity && id.not_null);
  EXPECT_EQ(id.identity_start, 100);
  EXPECT_EQ(id.identity_step, 5);
  EXPECT_EQ(At(c, 0, "email").type.length, 50);
  EXPECT_EQ(At(c, 0, "email").comment, "may be\non two lines");
  EXPECT_EQ(At(c, 0, "tags").type.kind, Kind::kArray);
  EXPECT_EQ(At(c, 0, "m").type.labels, (Names{"sad", "it's ok"}));
  EXPECT_EQ(At(c, 0, "m").default_value.value, "sad");
  EXPECT_EQ(At(c, 0, "born").type.kind, Kind::kInt);
  EXPECT_EQ(At(c, 0, "born").type.domain, "year");
  EXPECT_EQ(At(c, 0, "price").type.scale, 2);
  EXPECT_EQ(At(c, 0, "created").default_value.kind, Default::Kind::kNow);
  EXPECT_EQ(c.tables[0].primary_key.columns, Names{"customer_id"});
  ASSERT_EQ(c.tables[0].unique.size(), 1u);
  ASSERT_EQ(c.tables[0].checks.size(), 2u);  // its own and the domain's
  EXPECT_EQ(c.tables[0].checks[0].rules[0].min, "0");
  EXPECT_EQ(c.tables[0].checks[1].rules[0].column, "born");
  EXPECT_EQ(c.tables[0].comment, "who buys");
  ASSERT_EQ(c.tables[1].foreign_keys.size(), 1u);
  EXPECT_EQ(c.tables[1].foreign_keys[0].parent, 0);
  EXPECT_EQ(Skipped(c, "COPY data"), 1u);
  EXPECT_EQ(Skipped(c, "CREATE FUNCTION"), 1u);
  EXPECT_EQ(Skipped(c, "psql \\ command"), 1u);
}

TEST(DdlDialects, MysqldumpWithDelimiterAndConditionalComments) {
  const Catalog c = Read(R"(-- MySQL dump
/*!40101 SET NAMES utf8 */;
DROP TABLE IF EXISTS `t-1`;
CREATE TABLE `t-1` (
  `id` int(10) unsigned zerofill NOT NULL,
  `on` tinyint(1) NOT NULL DEFAULT '1',
  `k` enum('a','b\'c') CHARACTER SET latin1 COLLATE latin1_bin DEFAULT NULL COMMENT 'it''s; a',
  `s` set('x','y'),
  `body` mediumtext,
  `at` timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  `total` decimal(10,2) GENERATED ALWAYS AS (`id` * 2) STORED,
  `js` longtext CHECK (json_valid(`js`)),
  UNIQUE KEY `u` (`k`(10),`s`),
  KEY `i` (`at`) USING BTREE,
  FULLTEXT KEY `f` (`body`)
) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COMMENT='the table';
INSERT INTO `t-1` VALUES (1,'it\'s; CREATE TABLE x (y int);'),(2,'c:\\');
DELIMITER ;;
CREATE TRIGGER tr BEFORE INSERT ON `t-1` FOR EACH ROW BEGIN SET NEW.id = 1; SET NEW.k = 'a'; END;;
DELIMITER ;
ALTER TABLE `t-1` ADD PRIMARY KEY (`id`), ADD KEY `j` (`on`);
ALTER TABLE `t-1` MODIFY `id` int(10) unsigned NOT NULL AUTO_INCREMENT, AUTO_INCREMENT=7;
/*!50001 CREATE TABLE `v` (`id` tinyint NOT NULL) ENGINE=MyISAM */;
/*!50001 DROP TABLE IF EXISTS `v`*/;
/*!50001 CREATE VIEW `v` AS select 1 AS `id` */;
CREATE TABLE child (parent_id int, FOREIGN KEY (parent_id) REFERENCES `T-1` (ID));
)");
  ASSERT_EQ(c.tables.size(), 2u) << Problems(c);
  EXPECT_TRUE(c.ok()) << Problems(c);
  EXPECT_EQ(c.tables_there, 2u);  // the view's place does not count
  const Column& id = At(c, 0, "id");
  EXPECT_TRUE(id.identity && id.type.is_unsigned && id.not_null);
  EXPECT_EQ(At(c, 0, "on").type.kind, Kind::kBool);
  EXPECT_EQ(At(c, 0, "on").default_value.value, "1");
  EXPECT_EQ(At(c, 0, "k").type.labels, (Names{"a", "b'c"}));
  EXPECT_EQ(At(c, 0, "k").comment, "it's; a");
  EXPECT_TRUE(At(c, 0, "s").type.set);
  EXPECT_EQ(At(c, 0, "body").type.length, 16777215);
  EXPECT_EQ(At(c, 0, "at").type.precision, 3);
  EXPECT_EQ(At(c, 0, "total").generated_as, "`id` * 2");
  EXPECT_EQ(At(c, 0, "js").type.kind, Kind::kJson);
  EXPECT_EQ(c.tables[0].primary_key.columns, Names{"id"});
  ASSERT_EQ(c.tables[0].unique.size(), 1u);
  EXPECT_EQ(c.tables[0].unique[0].columns, (Names{"k", "s"}));
  EXPECT_EQ(c.tables[0].comment, "the table");
  EXPECT_EQ(c.tables[1].foreign_keys[0].parent, 0);
  EXPECT_EQ(c.tables[1].foreign_keys[0].parent_columns, Names{"id"});
  EXPECT_EQ(Skipped(c, "INSERT"), 1u);
  EXPECT_EQ(Skipped(c, "CREATE TRIGGER"), 1u);
}

TEST(DdlDialects, SqlServerScriptsWithGoAndWithoutSemicolons) {
  const Catalog c = Read(R"(SET ANSI_NULLS ON
GO
CREATE TYPE [dbo].[Flag] FROM bit NOT NULL
GO
IF OBJECT_ID('dbo.Order') IS NULL
BEGIN
CREATE TABLE [dbo].[Order](
	[OrderID] [int] IDENTITY(10,5) NOT FOR REPLICATION NOT NULL,
	[Note] [nvarchar](max) NULL,
	[Paid] [dbo].[Flag] CONSTRAINT [DF_p] DEFAULT ((1)),
	[Code] [char](3) COLLATE Latin1_General_CI_AS NOT NULL CONSTRAINT [CK_c] CHECK (([Code]='A' OR [Code]='B')),
	[Due] [datetime2](3) NOT NULL,
	[Total] AS (isnull([OrderID]*(2),(0))),
	[rowguid] [uniqueidentifier] ROWGUIDCOL NOT NULL DEFAULT (newid()),
 CONSTRAINT [PK_Order] PRIMARY KEY CLUSTERED ([OrderID] ASC) WITH (PAD_INDEX = OFF, FILLFACTOR = 80) ON [PRIMARY]
) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]
END
GO
CREATE PROCEDURE dbo.p AS
SELECT 1;
CREATE TABLE #t (x int);
SELECT 2
GO
CREATE TABLE dbo.Line (OrderID int NOT NULL, [Line No] tinyint NOT NULL, Price money)
ALTER TABLE [dbo].[Line] WITH CHECK ADD CONSTRAINT [FK] FOREIGN KEY([OrderID]) REFERENCES [dbo].[Order] ([OrderID])
GO
ALTER TABLE dbo.Line ADD CONSTRAINT d DEFAULT (getdate()) FOR Price, CONSTRAINT pk PRIMARY KEY NONCLUSTERED (OrderID, [Line No])
GO
EXEC sp_addextendedproperty N'MS_Description', N'x'
GO
)");
  EXPECT_EQ(Problems(c), "");
  ASSERT_EQ(c.tables.size(), 2u);
  EXPECT_EQ(c.tables[0].dialect, Dialect::kSqlServer);
  EXPECT_EQ(At(c, 0, "OrderID").identity_start, 10);
  EXPECT_EQ(At(c, 0, "OrderID").identity_step, 5);
  EXPECT_EQ(At(c, 0, "Note").type.length, -1);
  EXPECT_EQ(At(c, 0, "Paid").type.kind, Kind::kBool);
  EXPECT_EQ(At(c, 0, "Paid").default_value.value, "1");
  EXPECT_TRUE(At(c, 0, "Total").generated);
  EXPECT_EQ(At(c, 0, "rowguid").type.kind, Kind::kUuid);
  EXPECT_EQ(c.tables[0].checks[0].rules[0].values, (Names{"A", "B"}));
  EXPECT_TRUE(At(c, 1, "Line No").type.is_unsigned);
  EXPECT_EQ(At(c, 1, "Price").type.scale, 4);
  EXPECT_EQ(At(c, 1, "Price").default_value.kind, Default::Kind::kNow);
  EXPECT_EQ(c.tables[1].primary_key.columns, (Names{"OrderID", "Line No"}));
  EXPECT_EQ(c.tables[1].foreign_keys[0].parent, 0);
  EXPECT_EQ(Skipped(c, "CREATE PROCEDURE"), 1u);
  EXPECT_EQ(Skipped(c, "EXEC"), 1u);
}

TEST(DdlDialects, OracleScriptsOfSqlPlus) {
  const Catalog c = Read(R"(REM  employees
SET ECHO OFF
PROMPT creating; it's fine
CREATE TABLE employees
    ( employee_id    NUMBER(6)
    , last_name      VARCHAR2(25 CHAR) CONSTRAINT emp_last_name_nn NOT NULL
    , hire_date      DATE DEFAULT SYSDATE
    , salary         NUMBER(8,2) CHECK (salary > 0) ENABLE
    , photo          BLOB, any_number NUMBER, serial# RAW(16) DEFAULT SYS_GUID()
    , manager_id     NUMBER(6)
    ) TABLESPACE users STORAGE (INITIAL 64K NEXT 1M) PCTFREE 10 NOLOGGING
/
ALTER TABLE employees ADD ( CONSTRAINT emp_pk PRIMARY KEY (employee_id) USING INDEX TABLESPACE idx
, CONSTRAINT emp_manager_fk FOREIGN KEY (manager_id) REFERENCES employees ) ;
ALTER TABLE employees MODIFY (hire_date NOT NULL);
CREATE OR REPLACE TRIGGER secure_employees BEFORE INSERT ON employees
DECLARE x NUMBER;
BEGIN
  IF x > 1 THEN RAISE_APPLICATION_ERROR(-20205, 'no; really'); END IF;
END secure_employees;
/
COMMENT ON COLUMN employees.salary IS 'monthly; before tax';
@@other.sql
CREATE TABLE after_it (x INTEGER);
)");
  EXPECT_EQ(Problems(c), "");
  ASSERT_EQ(c.tables.size(), 2u);
  EXPECT_EQ(c.tables[0].dialect, Dialect::kOracle);
  EXPECT_FALSE(At(c, 0, "last_name").type.length_in_bytes);
  EXPECT_EQ(At(c, 0, "hire_date").type.kind, Kind::kTimestamp);
  EXPECT_TRUE(At(c, 0, "hire_date").not_null);
  EXPECT_EQ(At(c, 0, "hire_date").default_value.kind, Default::Kind::kNow);
  EXPECT_EQ(At(c, 0, "any_number").type.precision, -1);
  EXPECT_EQ(At(c, 0, "serial#").type.length, 16);
  EXPECT_EQ(At(c, 0, "salary").comment, "monthly; before tax");
  EXPECT_EQ(c.tables[0].primary_key.columns, Names{"employee_id"});
  EXPECT_EQ(c.tables[0].foreign_keys[0].parent_columns, Names{"employee_id"});
  EXPECT_EQ(c.tables[0].checks.size(), 1u);
  EXPECT_EQ(Skipped(c, "CREATE TRIGGER"), 1u);
}

TEST(DdlDialects, RedshiftStorageClauses) {
  const Catalog c = Read(
      "CREATE TABLE IF NOT EXISTS dw.sales (sale_id BIGINT IDENTITY(0,1) ENCODE az64,\n"
      "  note VARCHAR(20) ENCODE lzo COLLATE CASE_INSENSITIVE, t VARCHAR, d DECIMAL NOT NULL,\n"
      "  sold TIMESTAMPTZ DEFAULT GETDATE() SORTKEY, extra SUPER, PRIMARY KEY (sale_id),)\n"
      "DISTSTYLE KEY DISTKEY (sale_id) COMPOUND SORTKEY (sold, note) BACKUP NO;");
  EXPECT_EQ(Problems(c), "");
  ASSERT_EQ(c.tables.size(), 1u);
  EXPECT_EQ(c.tables[0].dialect, Dialect::kRedshift);
  EXPECT_TRUE(At(c, 0, "note").type.length_in_bytes);
  EXPECT_EQ(At(c, 0, "t").type.length, 256);
  EXPECT_EQ(At(c, 0, "d").type.precision, 18);
  EXPECT_EQ(At(c, 0, "extra").type.kind, Kind::kJson);
  EXPECT_TRUE(At(c, 0, "sold").type.with_zone);
}

TEST(DdlDialects, HiveAndSparkNestedTypesAndPartitions) {
  const Catalog c = Read(R"(CREATE EXTERNAL TABLE IF NOT EXISTS `logs`(
  `id` bigint COMMENT 'it\'s', tags array<string>, m map<string,array<int>>,
  s struct<a:int,b:struct<c:string COMMENT 'x'>>)
COMMENT 'the logs'
PARTITIONED BY (`day` date COMMENT 'd', hour int)
CLUSTERED BY (id) INTO 8 BUCKETS
ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' STORED AS PARQUET LOCATION '/data/logs'
TBLPROPERTIES ('a'='b');
CREATE TABLE d.events (id BIGINT GENERATED ALWAYS AS IDENTITY, day DATE NOT NULL, v DECIMAL)
USING DELTA PARTITIONED BY (day);
)");
  EXPECT_EQ(Problems(c), "");
  ASSERT_EQ(c.tables.size(), 2u);
  EXPECT_EQ(c.tables[0].dialect, Dialect::kHive);
  EXPECT_EQ(At(c, 0, "id").comment, "it's");
  EXPECT_EQ(At(c, 0, "m").type.children[1].children[0].kind, Kind::kInt);
  EXPECT_EQ(At(c, 0, "s").type.children[1].field_names, Names{"c"});
  EXPECT_EQ(c.tables[0].partition_by, (Names{"day", "hour"}));
  EXPECT_TRUE(At(c, 0, "day").partition);
  EXPECT_EQ(c.tables[1].partition_by, Names{"day"});
  EXPECT_EQ(At(c, 1, "v").type.precision, 10);
  EXPECT_TRUE(At(c, 1, "id").identity);
}

TEST(DdlDialects, BigQueryStructsAndOptions) {
  const Catalog c = Read(R"(CREATE OR REPLACE TABLE `my-proj.shop.orders` (
  id INT64 NOT NULL OPTIONS(description="the key"),
  lines ARRAY<STRUCT<sku STRING(20), n INT64 NOT NULL, price NUMERIC(10, 2)>>,
  big BIGNUMERIC, at TIMESTAMP DEFAULT CURRENT_TIMESTAMP(), raw JSON, b BYTES(16),
  PRIMARY KEY (id) NOT ENFORCED
) PARTITION BY DATE(at) CLUSTER BY id OPTIONS(description='orders', labels=[('a','b')]);
)");
  EXPECT_EQ(Problems(c), "");
  ASSERT_EQ(c.tables.size(), 1u);
  EXPECT_EQ(c.tables[0].dialect, Dialect::kBigQuery);
  EXPECT_EQ(c.tables[0].name.text, "orders");
  EXPECT_EQ(c.tables[0].name.qualifier, (Names{"my-proj", "shop"}));
  EXPECT_EQ(At(c, 0, "id").comment, "the key");
  const Type& lines = At(c, 0, "lines").type;
  ASSERT_EQ(lines.kind, Kind::kArray);
  EXPECT_EQ(lines.children[0].field_names, (Names{"sku", "n", "price"}));
  EXPECT_EQ(lines.children[0].children[2].scale, 2);
  EXPECT_EQ(c.tables[0].comment, "orders");
  EXPECT_TRUE(At(c, 0, "at").type.with_zone);
}

TEST(DdlDialects, SnowflakeTables) {
  const Catalog c = Read(R"(create or replace TRANSIENT TABLE DB.RAW.EVENTS cluster by (AT) (
  ID NUMBER(38,0) NOT NULL AUTOINCREMENT START 10 INCREMENT 2 ORDER,
  NAME VARCHAR(16777216) COLLATE 'en-ci' COMMENT 'it\'s',
  PAYLOAD VARIANT, TAGS ARRAY, AT TIMESTAMP_NTZ(9) DEFAULT CURRENT_TIMESTAMP(), N NUMBER,
  constraint PK primary key (ID) rely
) DATA_RETENTION_TIME_IN_DAYS = 1 COMMENT = 'raw events';
)");
  ASSERT_EQ(c.tables.size(), 0u + 1) << Problems(c);
  EXPECT_EQ(c.tables[0].dialect, Dialect::kSnowflake);
  EXPECT_EQ(At(c, 0, "ID").identity_start, 10);
  EXPECT_EQ(At(c, 0, "ID").identity_step, 2);
  EXPECT_EQ(At(c, 0, "PAYLOAD").type.kind, Kind::kJson);
  EXPECT_EQ(At(c, 0, "TAGS").type.kind, Kind::kJson);
  EXPECT_EQ(At(c, 0, "N").type.scale, 0);
  EXPECT_EQ(c.tables[0].comment, "raw events");
}

TEST(DdlDialects, Db2WithItsOwnTerminator) {
  const Catalog c = Read(R"(CONNECT TO SAMPLE;
--#SET TERMINATOR @
CREATE TABLE "ADMIN"."ACT" (
  "ACTNO" SMALLINT NOT NULL GENERATED BY DEFAULT AS IDENTITY (START WITH 10, INCREMENT BY 10, NO CACHE),
  "KIND" CHAR(2) FOR BIT DATA, "PHOTO" BLOB(100K) LOGGED NOT COMPACT,
  "ADDED" TIMESTAMP NOT NULL WITH DEFAULT CURRENT TIMESTAMP, N INTEGER NOT NULL WITH DEFAULT,
  G VARGRAPHIC(30), PRIMARY KEY ("ACTNO"))
  IN "USERSPACE1" ORGANIZE BY ROW @
CREATE TRIGGER t AFTER INSERT ON act FOR EACH ROW BEGIN ATOMIC SET x = 1; SET y = 2; END @
CREATE TABLE b (x INT) @
)");
  EXPECT_EQ(Problems(c), "");
  ASSERT_EQ(c.tables.size(), 2u);
  EXPECT_EQ(c.tables[0].dialect, Dialect::kDb2);
  EXPECT_EQ(At(c, 0, "ACTNO").identity_step, 10);
  EXPECT_EQ(At(c, 0, "KIND").type.kind, Kind::kBinary);
  EXPECT_EQ(At(c, 0, "PHOTO").type.length, 102400);
  EXPECT_EQ(At(c, 0, "ADDED").default_value.kind, Default::Kind::kNow);
}

TEST(DdlDialects, SqliteTakesAnyTypeWordsAndNone) {
  const Catalog c = Read(R"(PRAGMA foreign_keys=ON;
BEGIN TRANSACTION;
CREATE TABLE [note] (id INTEGER PRIMARY KEY AUTOINCREMENT, a, b UNSIGNED BIG INT, c NATIVE CHARACTER(70),
  d DATETIME DEFAULT (datetime('now')), 'e f' TEXT COLLATE NOCASE UNIQUE ON CONFLICT IGNORE
  CONSTRAINT x CHECK (length(c) > 2) FOREIGN KEY (a) REFERENCES note(id));
CREATE TRIGGER t AFTER INSERT ON note BEGIN UPDATE note SET a = 1; DELETE FROM note; END;
CREATE VIRTUAL TABLE f USING fts5(body);
CREATE TABLE w (k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID, STRICT;
COMMIT;
)");
  EXPECT_EQ(Problems(c), "");
  ASSERT_EQ(c.tables.size(), 2u);
  EXPECT_EQ(c.tables[0].dialect, Dialect::kSqlite);
  EXPECT_EQ(At(c, 0, "id").type.bits, 64);
  EXPECT_EQ(At(c, 0, "b").type.kind, Kind::kInt);
  EXPECT_EQ(At(c, 0, "c").type.length, 70);
  EXPECT_EQ(At(c, 0, "e f").type.kind, Kind::kText);
  EXPECT_EQ(c.tables[0].unique.size(), 1u);
  EXPECT_EQ(c.tables[0].foreign_keys.size(), 1u);
  EXPECT_EQ(Skipped(c, "CREATE VIRTUAL TABLE"), 1u);
}

TEST(DdlDialects, ADialectThatIsNamedIsNotGuessed) {
  const std::string ddl = "CREATE TABLE t (a VARCHAR(10), n DECIMAL, i INT)";
  const Catalog mysql = Read(ddl, {.dialect = Dialect::kMySql});
  const Catalog redshift = Read(ddl, {.dialect = Dialect::kRedshift});
  const Catalog bigquery = Read(ddl, {.dialect = Dialect::kBigQuery});
  EXPECT_EQ(At(mysql, 0, "n").type.precision, 10);
  EXPECT_EQ(At(redshift, 0, "n").type.precision, 18);
  EXPECT_TRUE(At(redshift, 0, "a").type.length_in_bytes);
  EXPECT_EQ(At(bigquery, 0, "i").type.bits, 64);
}

TEST(DdlDialects, DialectsMayChangeFromStatementToStatement) {
  const Catalog c = Read(
      "CREATE TABLE a (id serial PRIMARY KEY, j jsonb, t timestamptz);\n"
      "CREATE TABLE `b` (`id` int unsigned AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB;\n"
      "CREATE TABLE [c] ([id] int IDENTITY(1,1) PRIMARY KEY CLUSTERED)\nGO\n"
      "CREATE TABLE d (id NUMBER(10), n VARCHAR2(20));\n");
  EXPECT_EQ(Problems(c), "");
  ASSERT_EQ(c.tables.size(), 4u);
  EXPECT_EQ(c.tables[0].dialect, Dialect::kPostgres);
  EXPECT_EQ(c.tables[1].dialect, Dialect::kMySql);
  EXPECT_EQ(c.tables[2].dialect, Dialect::kSqlServer);
  EXPECT_EQ(c.tables[3].dialect, Dialect::kOracle);
}

}  // namespace
}  // namespace synthmill::ddl
