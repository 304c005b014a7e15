// All dialects of load scripts. A new one: its own file, and its name in the
// list here.
#include <fmt/format.h>

#include "schema/load_script.h"
#include "spec/diagnostics.h"

namespace synthmill::schema {

#define SYNTHMILL_LOAD_DIALECTS(X) \
  X(kLoadDuckDb)                   \
  X(kLoadPostgres)                 \
  X(kLoadRedshift)                 \
  X(kLoadMySql)                    \
  X(kLoadSqlite)                   \
  X(kLoadSqlServer) X(kLoadOracle) X(kLoadDb2) X(kLoadHive) X(kLoadBigQuery) X(kLoadSnowflake)

#define DECLARE(dialect) extern const LoadDialect dialect;
SYNTHMILL_LOAD_DIALECTS(DECLARE)
#undef DECLARE

std::span<const LoadDialect* const> LoadDialects() {
#define ENTRY(dialect) &dialect,
  static const LoadDialect* const kAll[] = {SYNTHMILL_LOAD_DIALECTS(ENTRY)};
#undef ENTRY
  return kAll;
}

arrow::Result<const LoadDialect*> FindLoadDialect(std::string_view name) {
  std::vector<std::string> names;
  for (const LoadDialect* d : LoadDialects()) {
    if (name == d->name) return d;
    names.emplace_back(d->name);
  }
  return arrow::Status::Invalid("unknown dialect '", std::string(name), "' of load scripts; ",
                                spec::Suggest(name, names));
}

std::string SqlType(const LoadDialect& d, const ScriptTable& table, const ScriptColumn& c) {
  const TypeNames& n = d.types;
  using Id = arrow::Type::type;
  const Id id = c.type->id();
  const bool nested = id == Id::LIST || id == Id::MAP || id == Id::STRUCT || id == Id::LARGE_LIST;
  const bool binary = id == Id::BINARY || id == Id::LARGE_BINARY || id == Id::FIXED_SIZE_BINARY;
  if (table.dialect == d.name && !c.sql_type.empty() && !nested && !binary) return c.sql_type;
  switch (id) {
    case Id::BOOL:
      return n.boolean;
    case Id::INT8:
      return n.int8;
    case Id::INT16:
      return n.int16;
    case Id::INT32:
      return n.int32;
    case Id::INT64:
      return n.int64;
    case Id::FLOAT:
      return n.float32;
    case Id::DOUBLE:
      return n.float64;
    case Id::DECIMAL128:
    case Id::DECIMAL256: {
      const auto& t = static_cast<const arrow::DecimalType&>(*c.type);
      return fmt::format(fmt::runtime(n.decimal), t.precision(), t.scale());
    }
    case Id::DATE32:
    case Id::DATE64:
      return n.date;
    case Id::TIME32:
    case Id::TIME64:
      return n.time;
    case Id::TIMESTAMP:
      return static_cast<const arrow::TimestampType&>(*c.type).timezone().empty()
                 ? n.timestamp
                 : n.timestamp_zone;
    default:
      break;
  }
  if (binary) return n.binary;
  if (nested) return n.json;
  if (c.max_length > 0 && c.max_length <= n.most_varchar)
    return fmt::format(fmt::runtime(n.varchar), c.max_length);
  const auto has = [&](const std::vector<std::string>& names) {
    for (const std::string& name : names)
      if (name == c.name) return true;
    return false;
  };
  bool key = has(table.primary_key);
  for (const auto& k : table.unique) key |= has(k);
  for (const ScriptReference& r : table.references) key |= has(r.columns);
  return key ? n.key_text : n.text;
}

}  // namespace synthmill::schema
