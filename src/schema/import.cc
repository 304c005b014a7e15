#include "schema/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "ddl/reader.h"
#include "schema/names.h"
#include "schema/table_plan.h"

namespace synthmill::schema {

namespace {

using ddl::Place;
using ddl::Problem;

// Limits below this are told.
constexpr uint64_t kFewRows = 1'000'000;

class Importer {
 public:
  Importer(const ddl::Catalog& catalog, const ImportOptions& options)
      : catalog_(catalog), options_(options) {}

  Imported Run() {
    for (size_t t = 0; t < catalog_.tables.size(); ++t) StartTable(t);
    NameTables();
    for (TablePlan& plan : plans_) PlanKeys(&plan);
    PlanReferences(plan_of_, &plans_, &out_.problems);
    for (TablePlan& plan : plans_) {
      ChooseKinds(&plan, &out_.problems);
      MakeAgree(&plan, &out_.problems);
      for (size_t i = 0; i < plan.columns.size(); ++i) Finish(&plan, i);
    }
    LimitRows();
    Write();
    return std::move(out_);
  }

 private:
  void Warn(Place place, std::string message, std::string hint = "") {
    out_.problems.push_back(
        {Problem::Severity::kWarning, place, std::move(message), std::move(hint)});
  }

  // A table whose checks contradict each other is not made.
  void StartTable(size_t t) {
    const ddl::Table& table = catalog_.tables[t];
    TablePlan plan;
    plan.table = &table;
    plan_of_.push_back(-1);
    if (table.columns.empty()) {
      Warn(table.place, fmt::format("table '{}' has no columns and is left out", table.name.text));
      return;
    }
    if (!ReadChecks(catalog_, &plan, &out_.problems)) return;
    std::set<std::string> taken;
    for (const ddl::Column& column : table.columns) {
      ColumnPlan c;
      c.column = &column;
      c.key =
          Unique(Slug(column.name.text, fmt::format("column_{}", plan.columns.size() + 1)), &taken);
      const Domain& domain = plan.domains[plan.columns.size()];
      c.required = column.not_null || column.identity || column.partition || domain.not_null;
      if (column.generated) {
        c.left_out = true;
        Warn(column.place, fmt::format("table '{}', column '{}' is computed by the database ({}) "
                                       "and left out of the data",
                                       table.name.text, column.name.text, column.generated_as));
      }
      plan.columns.push_back(std::move(c));
    }
    plan_of_.back() = static_cast<int>(plans_.size());
    plans_.push_back(std::move(plan));
  }

  // Keys and folders: the name alone where it is the only one, with its schema else.
  void NameTables() {
    std::map<std::string, int> seen;
    for (const TablePlan& plan : plans_) ++seen[plan.table->name.text];
    std::set<std::string> keys, folders;
    for (TablePlan& plan : plans_) {
      std::string name = plan.table->name.text;
      if (seen[name] > 1 && !plan.table->name.qualifier.empty())
        name = plan.table->name.qualifier.back() + "." + name;
      plan.key = Unique(Slug(name, fmt::format("table_{}", keys.size() + 1)), &keys);
      plan.folder = Unique(FolderName(name), &folders);
      if (plan.folder != FolderName(name))
        Warn(plan.table->place, fmt::format("table '{}' is there more than once; this one is "
                                            "called '{}'",
                                            name, plan.folder));
    }
  }

  static ColumnPlan* FindColumn(TablePlan* plan, const std::string& name) {
    const int at = plan->table->Find(name);
    return at < 0 ? nullptr : &plan->columns[static_cast<size_t>(at)];
  }

  void PlanKeys(TablePlan* plan) {
    const ddl::Table& table = *plan->table;
    for (const std::string& name : table.primary_key.columns) {
      ColumnPlan* c = FindColumn(plan, name);
      if (!c) continue;
      c->required = c->in_key = true;
      c->unique |= table.primary_key.columns.size() == 1;
    }
    for (const ddl::Key& key : table.unique) {
      for (const std::string& name : key.columns) {
        ColumnPlan* c = FindColumn(plan, name);
        if (!c) continue;
        c->in_key = true;
        c->unique |= key.columns.size() == 1;
        // Some databases take one null of a unique column only.
        c->required |=
            table.dialect == ddl::Dialect::kSqlServer || table.dialect == ddl::Dialect::kDb2;
      }
    }
  }

  static std::optional<std::string> DefaultOf(const TablePlan& plan, size_t i) {
    const ColumnPlan& c = plan.columns[i];
    const ddl::Default& d = c.column->default_value;
    const ddl::Type& type = c.column->type;
    const Domain& domain = plan.domains[i];
    if (d.kind != ddl::Default::Kind::kLiteral || c.reference || c.unique || c.in_key ||
        c.column->identity || !domain.compares.empty() || c.args.Find("not_before")) {
      return std::nullopt;
    }
    using Kind = ddl::Type::Kind;
    if (IsNumber(type)) {
      const int scale = ScaleOf(type);
      const auto low = ScaledDown(d.value, scale), high = ScaledUp(d.value, scale);
      if (!low || low != high) return std::nullopt;
      if ((domain.min && *low < *domain.min) || (domain.max && *low > *domain.max))
        return std::nullopt;
      if (domain.values && !Has(*domain.values, d.value)) return std::nullopt;
      if (type.kind == Kind::kDecimal && type.precision >= 0 &&
          (*low > Power10(std::min(type.precision, 38)) - 1)) {
        return std::nullopt;
      }
      return ScaledText(*low, scale);
    }
    if (type.kind == Kind::kBool) {
      std::string word;
      for (const char ch : d.value) word.push_back(static_cast<char>(std::tolower(ch)));
      if (word == "true" || word == "t" || word == "1" || word == "yes") return "true";
      if (word == "false" || word == "f" || word == "0" || word == "no") return "false";
      return std::nullopt;
    }
    if (type.kind == Kind::kDate) {
      const auto day = LiteralDay(d.value);
      if (!day || (domain.min && *day < *domain.min) || (domain.max && *day > *domain.max))
        return std::nullopt;
      return d.value.substr(0, 10);
    }
    if (type.kind == Kind::kText || type.kind == Kind::kEnum) {
      if (type.kind == Kind::kEnum && !Has(type.labels, d.value)) return std::nullopt;
      if (domain.values && !Has(*domain.values, d.value)) return std::nullopt;
      if (!domain.pattern.empty() || domain.min_length > 0 || d.value.empty()) return std::nullopt;
      const int64_t size = static_cast<int64_t>(d.value.size());
      if (type.length >= 0 && size > type.length) return std::nullopt;
      if (domain.max_length >= 0 && size > domain.max_length) return std::nullopt;
      return YamlText(d.value);
    }
    return std::nullopt;
  }

  static bool Has(const std::vector<std::string>& values, const std::string& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
  }

  // What the language says of every column, after its kind's own arguments.
  void Finish(TablePlan* plan, size_t i) {
    ColumnPlan& c = plan->columns[i];
    if (c.left_out) return;
    const ddl::Column& column = *c.column;
    const auto value = DefaultOf(*plan, i);
    if (value && c.args.kind() != "constant") {
      c.args.Set("default", *value);
      c.args.Set("default_share", "0.2");
    }
    const std::string* from = c.args.Find("from");
    const bool with_neighbours = c.reference && from != nullptr;
    if (c.required) {
      c.args.Set("required", "true");
    } else if (!with_neighbours && c.args.kind() != "sequence") {
      c.args.Set("null", "0.1");
    }
    if (column.name.text != c.key) c.args.SetText("name", ToUtf8(column.name.text));
    if (!column.comment.empty()) c.args.SetText("help", column.comment);
    // Types that the schema itself makes are not there where the data go.
    const bool own = !column.type.domain.empty() || column.type.kind == ddl::Type::Kind::kEnum ||
                     column.type.kind == ddl::Type::Kind::kUnknown;
    if (!column.type.text.empty() && !own) c.args.SetText("sql", column.type.text);
  }

  // Keys of few values allow few rows: a key of char(2) has 676.
  void LimitRows() {
    for (bool changed = true; changed;) {
      changed = false;
      for (TablePlan& plan : plans_) {
        const uint64_t most = MostRows(plan);
        if (most == plan.most_rows) continue;
        plan.most_rows = most;
        changed = true;
      }
    }
    for (const TablePlan& plan : plans_) {
      if (plan.most_rows == 0 || plan.most_rows >= kFewRows) continue;
      Warn(plan.table->place,
           fmt::format("table '{}' gets at most {} rows: its keys, or those of tables that they "
                       "refer to, have no more values",
                       plan.table->name.text, plan.most_rows));
    }
  }

  // 0: any number.
  uint64_t MostRows(const TablePlan& plan) const {
    uint64_t most = 0;
    const auto limit = [&](const std::vector<std::string>& names) {
      if (names.empty()) return;
      unsigned __int128 values = 1;
      std::set<int64_t> parents;
      for (const std::string& name : names) {
        const int at = plan.table->Find(name);
        if (at < 0) return;
        const ColumnPlan& c = plan.columns[static_cast<size_t>(at)];
        if (c.left_out) return;
        uint64_t capacity = c.capacity;
        if (c.reference) {
          const TablePlan& parent = plans_[static_cast<size_t>(c.parent)];
          // Columns of one parent row count once.
          if (c.args.Find("from") && !parents.insert(c.parent).second) continue;
          capacity = parent.most_rows;
          // All rows of a table have as many as their parents at most, which are as many as asked.
          if (capacity == 0 && names.size() == 1) return;
        }
        if (capacity == 0) return;
        values *= capacity;
        if (values > 1'000'000'000) return;
      }
      const auto n = static_cast<uint64_t>(values);
      if (most == 0 || n < most) most = n;
    };
    limit(plan.table->primary_key.columns);
    for (const ddl::Key& key : plan.table->unique) limit(key.columns);
    return most;
  }

  // --- the file ---

  void Write() {
    std::string& out = out_.text;
    std::string files;
    for (const std::string& file : catalog_.files)
      files += (files.empty() ? "" : ", ") + CommentText(file, 60);
    out = fmt::format(
        "# Imported from {} by `synthmill schema import`. Edit it as you like: docs/spec.md tells\n"
        "# what a dataset file can say, docs/kinds.md which kinds of columns there are.\n"
        "synthmill: 1\ndataset: {}\nparameters:\n"
        "  rows: {{type: int, default: {}, min: 0, help: \"rows of each table; also --rows "
        "TABLE=N\"}}\ntables:\n",
        CommentText(files, 200), YamlText(DatasetName()), options_.default_rows);
    for (const TablePlan& plan : plans_) WriteTable(plan);
    if (plans_.empty()) out += "  {}\n";
  }

  // Lower case, a letter first.
  std::string DatasetName() const {
    std::string name = Slug(options_.dataset, "schema");
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return name[0] == '_' ? "schema" + name : name;
  }

  std::string KeyList(const TablePlan& plan, const std::vector<std::string>& names) {
    std::string list = "[";
    for (const std::string& name : names) {
      const int at = plan.table->Find(name);
      if (at < 0 || plan.columns[static_cast<size_t>(at)].left_out) return "";
      list += (list.size() > 1 ? ", " : "") + YamlText(plan.columns[static_cast<size_t>(at)].key);
    }
    return names.empty() ? "" : list + "]";
  }

  // Braces of a table's name are not places of parameters.
  static std::string Escaped(const std::string& name) {
    std::string out;
    for (const char c : name) out += (c == '{' || c == '}') ? std::string(2, c) : std::string(1, c);
    return out;
  }

  void WriteTable(const TablePlan& plan) {
    std::string& out = out_.text;
    const ddl::Table& table = *plan.table;
    out += fmt::format("  {}:\n", YamlText(plan.key));
    if (plan.folder != plan.key) out += fmt::format("    name: {}\n", Quoted(Escaped(plan.folder)));
    if (!table.comment.empty()) out += fmt::format("    help: {}\n", YamlText(table.comment));
    if (plan.most_rows > 0) {
      out +=
          fmt::format("    rows: min(rows, {})  # its keys have no more values\n", plan.most_rows);
    } else {
      out += "    rows: rows\n";
    }
    const std::string primary = KeyList(plan, table.primary_key.columns);
    if (!primary.empty()) {
      out += fmt::format("    primary_key: {}\n", primary);
      ++out_.constraints;
    }
    std::string unique;
    std::set<std::string> said = {primary};
    for (const ddl::Key& key : table.unique) {
      const std::string list = KeyList(plan, key.columns);
      if (list.empty()) continue;
      ++out_.constraints;
      if (said.insert(list).second) unique += (unique.empty() ? "" : ", ") + list;
    }
    if (!unique.empty()) out += fmt::format("    unique: [{}]\n", unique);
    std::string partitions;
    for (const std::string& name : table.partition_by) {
      const int at = table.Find(name);
      if (at < 0 || !table.columns[static_cast<size_t>(at)].partition) continue;
      partitions +=
          (partitions.empty() ? "" : ", ") + YamlText(plan.columns[static_cast<size_t>(at)].key);
    }
    if (!partitions.empty()) out += fmt::format("    partition_by: [{}]\n", partitions);
    WriteSql(plan);
    out += "    columns:\n";
    for (const ColumnPlan& c : plan.columns) {
      for (const HelperColumn& h : c.helpers)
        out += fmt::format("      {}: {}  # {}\n", YamlText(h.key), h.args.Render(), h.why);
      if (c.left_out) {
        out += fmt::format("      # {} is computed by the database: {}\n", c.key,
                           CommentText(c.column->generated_as));
        continue;
      }
      out +=
          fmt::format("      {}: {}  # {}\n", YamlText(c.key), c.args.Render(), CommentText(c.why));
      ++out_.columns;
      out_.constraints += c.column->not_null;
    }
    out_.constraints += table.checks.size();
    out_.constraints += plan.kept_keys;
  }

  // Names of tables are texts even if they look like something else.
  static std::string Quoted(const std::string& text) { return YamlText(text); }

  void WriteSql(const TablePlan& plan) {
    const ddl::Table& table = *plan.table;
    std::string names;
    for (const std::string& part : table.name.qualifier) names += YamlText(part) + ", ";
    names += YamlText(table.name.text);
    out_.text +=
        fmt::format("    sql: {{dialect: {}, name: [{}]", ddl::DialectName(table.dialect), names);
    std::string checks;
    const std::vector<std::string>& lost = plan.lost_checks;
    for (const ddl::Check& check : table.checks) {
      // Rows may break these: no database is asked to hold them to it.
      if (std::find(lost.begin(), lost.end(), check.text) != lost.end()) continue;
      const std::string text = CheckText(table, check);
      if (!text.empty()) checks += (checks.empty() ? "" : ", ") + YamlText(text);
    }
    if (!checks.empty()) out_.text += fmt::format(", checks: [{}]", checks);
    out_.text += "}\n";
    for (const std::string& check : lost)
      out_.text += fmt::format("    # not kept: CHECK ({})\n", CommentText(check, 300));
  }

  // A domain's check says VALUE for the column; empty where it is not known which one.
  static std::string CheckText(const ddl::Table& table, const ddl::Check& check) {
    std::string out, word;
    bool domain = false, text = false;
    const auto end_word = [&] {
      std::string upper;
      for (const char c : word) upper.push_back(static_cast<char>(std::toupper(c)));
      if (upper == "VALUE" && table.Find(word) < 0) {
        domain = true;
        const std::string column = check.rules.empty() ? "" : check.rules[0].column;
        out += "\"" + column + "\"";
      } else {
        out += word;
      }
      word.clear();
    };
    for (const char c : check.text) {
      const bool letter = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (c & 0x80);
      if (c == '\'') text = !text;
      if (letter && !text) {
        word.push_back(c);
      } else {
        end_word();
        out.push_back(c);
      }
    }
    end_word();
    return domain && (check.rules.empty() || check.rules[0].column.empty()) ? "" : out;
  }

  const ddl::Catalog& catalog_;
  const ImportOptions& options_;
  std::vector<TablePlan> plans_;
  std::vector<int> plan_of_;  // by table of the catalog; -1: left out
  Imported out_;
};

}  // namespace

bool Imported::ok() const {
  return std::none_of(problems.begin(), problems.end(),
                      [](const Problem& p) { return p.severity == Problem::Severity::kError; });
}

Imported ImportCatalog(const ddl::Catalog& catalog, const ImportOptions& options) {
  return Importer(catalog, options).Run();
}

uint64_t CountConstraints(const ddl::Table& table) {
  uint64_t n = table.unique.size() + table.foreign_keys.size() + table.checks.size() +
               !table.primary_key.columns.empty();
  for (const ddl::Column& column : table.columns) n += column.not_null;
  return n;
}

}  // namespace synthmill::schema
