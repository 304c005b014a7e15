#include <fmt/format.h>

#include "schema/load_script.h"

namespace synthmill::schema {
namespace {

// load_date=2026-01-01/part-00000.parquet -> PARTITION (`load_date` = '2026-01-01')
std::string PartitionOf(const LoadDialect& d, std::string_view file) {
  std::string out;
  for (size_t end; (end = file.find('/')) != std::string_view::npos; file.remove_prefix(end + 1)) {
    const std::string_view folder = file.substr(0, end);
    const size_t equals = folder.find('=');
    if (equals == std::string_view::npos) continue;
    out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", Quoted(d, folder.substr(0, equals)),
                       Literal(folder.substr(equals + 1)));
  }
  return out.empty() ? out : " PARTITION (" + out + ")";
}

std::string Load(const LoadDialect& d, const ScriptInput& in, const ScriptTable& t) {
  std::string out;
  const bool remote = in.uri.find("://") != std::string::npos;
  for (const std::string& file : t.files) {
    out += fmt::format("LOAD DATA {}INPATH {} INTO TABLE {}{};\n", remote ? "" : "LOCAL ",
                       Literal((remote ? in.uri + "/" : "") + t.folder + "/" + file),
                       Quoted(d, t.name), PartitionOf(d, file));
  }
  return out;
}

}  // namespace

// Tables are stored as Parquet, so that loading is moving; `hive://` does more.
extern const LoadDialect kLoadHive = {
    .name = "hive",
    .help = "Hive and Spark SQL",
    .formats = "parquet",
    .run =
        "In the folder of the data: beeline -f _synthmill/load.hive.sql, or "
        "spark-sql -f",
    .types = {"BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE",
              "DECIMAL({}, {})", "STRING", "VARCHAR({})", 65'535, "STRING", "BINARY", "DATE",
              "STRING", "TIMESTAMP", "TIMESTAMP", "STRING"},
    .open_quote = '`',
    .close_quote = '`',
    .most_name = 128,
    .keys = LoadDialect::Keys::kNone,
    .checks = false,
    .folders_apart = true,
    .length = "length({})",
    .head = "SET hive.default.fileformat=Parquet;\n",
    .load = Load,
};

}  // namespace synthmill::schema
