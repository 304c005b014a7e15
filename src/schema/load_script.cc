#include "schema/load_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "schema/names.h"
#include "schema/relations.h"
#include "schema/stored_checks.h"

namespace synthmill::schema {

namespace {

int64_t LengthOf(const spec::Column& column) {
  int64_t length = 0;
  for (const char* key : {"max_length", "max_bytes"}) {
    const spec::Node* node = column.args.Find(key);
    if (!node || !node->is_scalar() || node->text.size() > 18) continue;
    for (const char c : node->text) length = c >= '0' && c <= '9' ? length * 10 + (c - '0') : 0;
  }
  return length;
}

// The names by which a table's SQL name is told: alone, or with its schema where two share it.
std::vector<std::string> SqlNames(const spec::Spec& spec) {
  const auto alone = [](const spec::Table& t) {
    return t.sql.name.empty() ? t.key : t.sql.name.back();
  };
  std::map<std::string, int> seen;
  for (const spec::Table& t : spec.tables) ++seen[alone(t)];
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const spec::Table& t : spec.tables) {
    std::string name = alone(t);
    if (seen[name] > 1 && t.sql.name.size() > 1)
      name = t.sql.name[t.sql.name.size() - 2] + "_" + name;
    names.push_back(Unique(std::move(name), &taken));
  }
  return names;
}

std::vector<std::string> Outputs(const spec::Table& table, const std::vector<std::string>& keys) {
  std::vector<std::string> names;
  for (const std::string& key : keys)
    for (const spec::Column& c : table.columns)
      if (c.name == key && !c.hidden) names.push_back(c.output);
  return names.size() == keys.size() ? names : std::vector<std::string>();
}

// --- a script ---

class Script {
 public:
  Script(const LoadDialect& dialect, const ScriptInput& input) : d_(dialect), input_(input) {}

  std::string Run() {
    Line(fmt::format("-- {}: tables, data and constraints for {}.", CommentText(input_.dataset),
                     d_.help));
    Line(fmt::format("-- {}", d_.run));
    if (!Loads(d_, input_.format)) {
      Line(fmt::format(
          "-- The files are {}, which this database does not load from here: generate "
          "with --format {}.",
          input_.format, std::string(d_.formats).substr(0, std::string(d_.formats).find(' '))));
    }
    Line("");
    out_ += d_.head;
    for (size_t t = 0; t < input_.tables.size(); ++t) Create(t);
    for (const ScriptTable& table : input_.tables) {
      if (!Loads(d_, input_.format) || table.files.empty()) continue;
      if (!table.partition_by.empty() && !d_.folders_loaded) {
        Line(
            fmt::format("-- The files of {} lie in folders by values, which are not loaded from "
                        "here: generate it without partition_by.",
                        CommentText(table.name, 100)));
        continue;
      }
      out_ += d_.load(d_, input_, table);
    }
    if (!later_.empty()) Line("\n-- What refers to tables loaded later.");
    out_ += later_;
    out_ += d_.tail;
    return std::move(out_);
  }

 private:
  void Line(const std::string& text) { out_ += text + "\n"; }

  void Create(size_t t) {
    const ScriptTable& table = input_.tables[t];
    std::vector<std::string> items, lost;
    std::string folders;
    for (const ScriptColumn& c : table.columns) {
      const bool apart = d_.folders_apart &&
                         std::find(table.partition_by.begin(), table.partition_by.end(), c.name) !=
                             table.partition_by.end();
      if (apart) {
        folders += fmt::format("{}{} {}", folders.empty() ? "" : ", ", Quoted(d_, c.name),
                               SqlType(d_, table, c));
        continue;
      }
      std::string item = fmt::format("{} {}", Quoted(d_, c.name), SqlType(d_, table, c));
      if (c.not_null && d_.keys != LoadDialect::Keys::kNone) item += " NOT NULL";
      items.push_back(std::move(item));
    }
    const char* enforced = d_.keys == LoadDialect::Keys::kInformational ? " NOT ENFORCED" : "";
    if (d_.keys != LoadDialect::Keys::kNone) {
      if (!table.primary_key.empty())
        items.push_back(
            fmt::format("PRIMARY KEY ({}){}", NameList(d_, table.primary_key), enforced));
      for (const auto& key : table.unique) {
        if (d_.keys == LoadDialect::Keys::kEnforced)
          items.push_back(fmt::format("UNIQUE ({})", NameList(d_, key)));
      }
    }
    if (d_.checks) {
      for (const ScriptColumn& c : table.columns) {
        if (!c.values.empty())
          items.push_back(fmt::format("{}CHECK ({} IN ({}))", Constraint("ck"), Quoted(d_, c.name),
                                      Literals(c.values)));
      }
      for (const std::string& check : table.checks) {
        const std::string text = Check(table, check);
        if (text.empty()) {
          lost.push_back(check);
        } else {
          items.push_back(fmt::format("{}CHECK ({})", Constraint("ck"), text));
        }
      }
    }
    for (const ScriptReference& r : table.references) Refer(t, r, &items);
    std::string body;
    for (const std::string& item : items) body += (body.empty() ? "  " : ",\n  ") + item;
    for (const std::string& check : lost)
      Line(fmt::format("-- not said here: CHECK ({})", CommentText(check, 300)));
    if (!folders.empty()) folders = " PARTITIONED BY (" + folders + ")";
    Line(fmt::format("CREATE TABLE {} (\n{}\n){};", Quoted(d_, table.name), body, folders));
  }

  // "CONSTRAINT `fk_3` ", where constraints get names.
  std::string Constraint(const char* kind) {
    if (!d_.named) return "";
    return fmt::format("CONSTRAINT {} ", Quoted(d_, fmt::format("{}_{}", kind, ++constraints_)));
  }

  void Refer(size_t t, const ScriptReference& r, std::vector<std::string>* items) {
    if (d_.keys == LoadDialect::Keys::kNone) return;
    const ScriptTable& table = input_.tables[t];
    const ScriptTable& parent = input_.tables[r.parent];
    const char* enforced = d_.keys == LoadDialect::Keys::kInformational ? " NOT ENFORCED" : "";
    const std::string clause = fmt::format(
        "{}FOREIGN KEY ({}) REFERENCES {} ({}){}", Constraint("fk"), NameList(d_, r.columns),
        Quoted(d_, parent.name), NameList(d_, r.parent_columns), enforced);
    if (r.to_key && r.parent < t) {
      items->push_back(clause);
    } else if (r.to_key && d_.alter_later) {
      later_ += fmt::format("ALTER TABLE {} ADD {};\n", Quoted(d_, table.name), clause);
    } else {
      later_ += Orphans(table, parent, r);
    }
  }

  // Fails if a row points nowhere, where the database has no constraint for it.
  std::string Orphans(const ScriptTable& table, const ScriptTable& parent,
                      const ScriptReference& r) const {
    std::string join, given;
    for (size_t i = 0; i < r.columns.size(); ++i) {
      join += fmt::format("{}p.{} = c.{}", i ? " AND " : "", Quoted(d_, r.parent_columns[i]),
                          Quoted(d_, r.columns[i]));
      given += fmt::format("{}c.{} IS NOT NULL", i ? " AND " : "", Quoted(d_, r.columns[i]));
    }
    const std::string orphans =
        fmt::format("FROM {} c WHERE {} AND NOT EXISTS (SELECT 1 FROM {} p WHERE {})",
                    Quoted(d_, table.name), given, Quoted(d_, parent.name), join);
    if (std::string_view(d_.name) == "duckdb") {
      return fmt::format(
          "SELECT CASE WHEN count(*) > 0 THEN error({} || count(*)) ELSE 'ok' END AS {} {};\n",
          Literal("rows of " + table.name + " that point nowhere: "), Quoted(d_, "references"),
          orphans);
    }
    return fmt::format("-- No row may point nowhere; must be 0:\nSELECT count(*) {};\n", orphans);
  }

  static std::string Literals(const std::vector<std::string>& values) {
    std::string out;
    for (const std::string& v : values) out += (out.empty() ? "" : ", ") + Literal(v);
    return out;
  }

  // A check of the schema in this dialect; empty: it cannot be said.
  std::string Check(const ScriptTable& table, const std::string& check) const {
    std::string out;
    for (const ddl::Rule& rule : StoredRules(table.dialect, ColumnNames(table, true), check)) {
      const std::string text = Rule(table, rule);
      if (text.empty()) {
        out.clear();
        break;
      }
      out += (out.empty() ? "" : " AND ") + text;
    }
    if (!out.empty()) return out;
    return table.dialect == d_.name ? check : "";
  }

  std::string Rule(const ScriptTable& table, const ddl::Rule& rule) const {
    const auto known = [&](const std::string& name) {
      return std::any_of(table.columns.begin(), table.columns.end(),
                         [&](const ScriptColumn& c) { return c.name == name; });
    };
    // What holds of these data only is not asked of others.
    if (!known(rule.column) || rule.narrowed || rule.relative) return "";
    const std::string column = Quoted(d_, rule.column);
    const auto value = [&](const std::string& v) { return rule.quoted ? Literal(v) : v; };
    const auto range = [&](const std::string& what) {
      std::string out;
      if (!rule.min.empty())
        out = fmt::format("{} {} {}", what, rule.min_open ? ">" : ">=", value(rule.min));
      if (!rule.max.empty())
        out += fmt::format("{}{} {} {}", out.empty() ? "" : " AND ", what,
                           rule.max_open ? "<" : "<=", value(rule.max));
      return out;
    };
    switch (rule.kind) {
      case ddl::Rule::Kind::kRange:
        return range(column);
      case ddl::Rule::Kind::kLength:
        return range(fmt::format(fmt::runtime(d_.length), column));
      case ddl::Rule::Kind::kIn:
      case ddl::Rule::Kind::kNotIn: {
        std::string list;
        for (const std::string& v : rule.values) list += (list.empty() ? "" : ", ") + value(v);
        return fmt::format("{} {}IN ({})", column,
                           rule.kind == ddl::Rule::Kind::kNotIn ? "NOT " : "", list);
      }
      case ddl::Rule::Kind::kCompare:
        if (!known(rule.other)) return "";
        return fmt::format("{} {} {}", column, rule.op, Quoted(d_, rule.other));
      case ddl::Rule::Kind::kNotNull:
        return column + " IS NOT NULL";
      case ddl::Rule::Kind::kPattern:
        if (rule.op != "like" || rule.values.empty()) return "";
        if (rule.values[0].find('[') != std::string::npos) return "";
        return fmt::format("{} LIKE {}", column, Literal(rule.values[0]));
      case ddl::Rule::Kind::kOther:
        return "";
    }
    return "";
  }

  const LoadDialect& d_;
  const ScriptInput& input_;
  std::string out_, later_;
  int constraints_ = 0;
};

}  // namespace

ScriptInput MakeScriptInput(
    const spec::Spec& spec,
    const std::vector<std::pair<std::string, std::shared_ptr<arrow::Schema>>>& schemas,
    const std::vector<std::string>& folders) {
  ScriptInput input;
  input.dataset = spec.dataset;
  const std::vector<Relation> relations = Relations(spec);
  const std::vector<std::string> names = SqlNames(spec);
  std::map<size_t, size_t> place;  // of the spec's table in the script
  std::vector<size_t> order;
  for (const size_t t : LoadOrder(spec, relations)) {
    const spec::Table& table = spec.tables[t];
    size_t s = 0;
    while (s < schemas.size() && schemas[s].first != table.key) ++s;
    if (s == schemas.size()) continue;  // not made in this run
    place[t] = input.tables.size();
    order.push_back(t);
    ScriptTable out;
    out.name = names[t];
    out.folder = folders[s];
    out.dialect = table.sql.dialect;
    out.checks = table.sql.checks;
    for (const auto& field : schemas[s].second->fields()) {
      ScriptColumn column;
      column.name = field->name();
      column.type = field->type();
      if (column.type->id() == arrow::Type::DICTIONARY)
        column.type = static_cast<const arrow::DictionaryType&>(*column.type).value_type();
      column.not_null = !field->nullable();
      for (const spec::Column& c : table.columns) {
        if (c.output != column.name || c.hidden) continue;
        column.max_length = LengthOf(c);
        column.sql_type = c.sql_type;
        const spec::Node* values = c.args.Find("values");
        // An enum of the schema has no type of its own here.
        if (c.kind == "choice" && c.sql_type.empty() && !table.sql.dialect.empty() && values &&
            values->is_sequence()) {
          for (const spec::Node& v : values->items) column.values.push_back(v.text);
        }
      }
      out.columns.push_back(std::move(column));
    }
    for (const spec::Key& key : table.keys) {
      std::vector<std::string> columns = Outputs(table, key.columns);
      if (columns.empty()) continue;
      if (key.primary) {
        out.primary_key = std::move(columns);
      } else {
        out.unique.push_back(std::move(columns));
      }
    }
    input.tables.push_back(std::move(out));
  }
  for (const Relation& r : relations) {
    if (!place.contains(r.child) || !place.contains(r.parent)) continue;
    ScriptReference reference;
    reference.parent = place[r.parent];
    std::vector<std::string> keys;
    for (size_t i = 0; i < r.columns.size(); ++i) {
      reference.columns.push_back(r.columns[i]->output);
      reference.parent_columns.push_back(r.parent_columns[i]->output);
      keys.push_back(r.parent_columns[i]->name);
    }
    // In the order of the parent's key, as some databases want it.
    for (const spec::Key& key : spec.tables[r.parent].keys) {
      std::vector<std::string> ordered, theirs;
      for (const std::string& name : key.columns) {
        for (size_t i = 0; i < keys.size(); ++i) {
          if (keys[i] != name) continue;
          ordered.push_back(r.columns[i]->output);
          theirs.push_back(r.parent_columns[i]->output);
        }
      }
      if (ordered.size() != key.columns.size() || ordered.size() != keys.size()) continue;
      reference.columns = std::move(ordered);
      reference.parent_columns = std::move(theirs);
      reference.to_key = true;
      break;
    }
    input.tables[place[r.child]].references.push_back(std::move(reference));
  }
  return input;
}

std::string LoadScript(const LoadDialect& dialect, const ScriptInput& input) {
  return Script(dialect, input).Run();
}

bool Loads(const LoadDialect& dialect, std::string_view format) {
  const std::string all = std::string(" ") + dialect.formats + " ";
  return all.find(" " + std::string(format) + " ") != std::string::npos;
}

std::string Quoted(const LoadDialect& dialect, std::string_view name) {
  // What the database takes of it, and what tells it from others.
  std::string taken;
  const bool wide = dialect.bmp_names && std::any_of(name.begin(), name.end(), [](char c) {
                      return static_cast<unsigned char>(c) >= 0xF0;
                    });
  if (name.size() > dialect.most_name || wide) {
    uint64_t hash = 14695981039346656037ull;  // FNV-1a
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    size_t end = std::min(name.size(), dialect.most_name - 17);
    while (end > 0 && end < name.size() && (name[end] & 0xC0) == 0x80) --end;
    for (size_t i = 0; i < end; ++i) {
      const bool outside = wide && static_cast<unsigned char>(name[i]) >= 0xF0;
      taken.push_back(outside ? '_' : name[i]);
      if (outside) i += 3;
    }
    taken += fmt::format("_{:016x}", hash);
    name = taken;
  }
  std::string out(1, dialect.open_quote);
  for (const char c : name) {
    out.push_back(c);
    if (c == dialect.close_quote) out.push_back(c);
  }
  return out + dialect.close_quote;
}

std::string Literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

std::vector<std::pair<std::string, std::string>> FolderValues(const ScriptTable& table,
                                                              const std::string& file) {
  std::vector<std::pair<std::string, std::string>> out;
  size_t at = 0;
  for (const std::string& column : table.partition_by) {
    const size_t begin = file.find('=', at), end = file.find('/', at);
    if (begin == file.npos || end == file.npos || begin > end) return {};
    std::string value;
    for (size_t i = begin + 1; i < end; ++i) {
      // %XX, as Hive writes what a folder's name may not hold.
      unsigned byte = 0;
      const bool escaped = file[i] == '%' && i + 2 < end &&
                           std::sscanf(file.substr(i + 1, 2).c_str(), "%2x", &byte) == 1;
      value.push_back(escaped ? static_cast<char>(byte) : file[i]);
      if (escaped) i += 2;
    }
    out.emplace_back(column, value == "__HIVE_DEFAULT_PARTITION__" ? "NULL" : Literal(value));
    at = end + 1;
  }
  return out;
}

std::string NameList(const LoadDialect& dialect, const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + Quoted(dialect, name);
  return out;
}

std::vector<std::string> ColumnNames(const ScriptTable& table, bool with_partitions) {
  std::vector<std::string> names;
  for (const ScriptColumn& c : table.columns) {
    const bool partition = std::find(table.partition_by.begin(), table.partition_by.end(),
                                     c.name) != table.partition_by.end();
    if (with_partitions || !partition) names.push_back(c.name);
  }
  return names;
}

}  // namespace synthmill::schema
