#include "schema/show.h"

#include <arrow/type_traits.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "schema/relations.h"

namespace synthmill::schema {

namespace {

using Json = nlohmann::ordered_json;

std::string TypeText(const arrow::DataType& type) {
  if (type.id() == arrow::Type::DICTIONARY)
    return TypeText(*static_cast<const arrow::DictionaryType&>(type).value_type());
  if (arrow::is_decimal(type.id())) {
    const auto& d = static_cast<const arrow::DecimalType&>(type);
    return fmt::format("decimal({},{})", d.precision(), d.scale());
  }
  return type.ToString();
}

// What is said of a column of a table.
struct ShownColumn {
  const spec::Column* spec = nullptr;
  std::string name, type;
  bool nullable = true, primary = false, unique = false, foreign = false;
};

std::vector<ShownColumn> ColumnsOf(const spec::Spec& spec, const ShownTable& shown,
                                   const std::vector<Relation>& relations) {
  std::vector<ShownColumn> out;
  const spec::Table* table = spec.FindTable(shown.key);
  for (const auto& field : shown.schema->fields()) {
    ShownColumn c;
    c.name = field->name();
    c.type = TypeText(*field->type());
    c.nullable = field->nullable();
    for (size_t i = 0; table && i < table->columns.size(); ++i) {
      if (table->columns[i].output == c.name && !table->columns[i].hidden)
        c.spec = &table->columns[i];
    }
    if (c.spec) {
      for (const spec::Key& key : table->keys) {
        const bool in =
            std::find(key.columns.begin(), key.columns.end(), c.spec->name) != key.columns.end();
        c.primary |= in && key.primary;
        c.unique |= in && !key.primary && key.columns.size() == 1;
      }
      for (const Relation& r : relations)
        c.foreign |= std::find(r.columns.begin(), r.columns.end(), c.spec) != r.columns.end();
    }
    out.push_back(std::move(c));
  }
  return out;
}

std::string Names(const std::vector<const spec::Column*>& columns) {
  std::string out;
  for (const spec::Column* c : columns) out += (out.empty() ? "" : ", ") + c->output;
  return out;
}

// How wide a text is on a terminal: bytes that begin a character.
size_t Width(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string Padded(const std::string& text, size_t width) {
  return text + std::string(width > Width(text) ? width - Width(text) : 0, ' ');
}

// The tree of relations below a table; one that was shown already only by name.
void Tree(const spec::Spec& spec, const std::vector<Relation>& relations, size_t table,
          const std::string& indent, std::set<size_t>* shown, std::string* out) {
  std::vector<const Relation*> children;
  for (const Relation& r : relations)
    if (r.parent == table && r.child != table) children.push_back(&r);
  for (size_t i = 0; i < children.size(); ++i) {
    const Relation& r = *children[i];
    const bool last = i + 1 == children.size();
    const bool fresh = shown->insert(r.child).second;
    *out +=
        fmt::format("{}{} {} ({} → {}){}\n", indent, last ? "└─" : "├─", spec.tables[r.child].key,
                    Names(r.columns), Names(r.parent_columns), fresh ? "" : " …");
    if (fresh) Tree(spec, relations, r.child, indent + (last ? "   " : "│  "), shown, out);
  }
}

std::string Html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  }
  return out;
}

// A word of Mermaid: letters, digits, _.
std::string Word(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (good) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != '_') {
      out.push_back('_');
    }
  }
  while (out.ends_with('_')) out.pop_back();
  return out.empty() ? "x" : out;
}

}  // namespace

std::string ShowText(const spec::Spec& spec, const std::vector<ShownTable>& tables) {
  const std::vector<Relation> relations = Relations(spec);
  std::string out;
  for (const ShownTable& shown : tables) {
    const std::vector<ShownColumn> columns = ColumnsOf(spec, shown, relations);
    out += fmt::format("{}{} · {} rows\n", shown.key,
                       shown.name == shown.key ? "" : " (" + shown.name + ")", shown.rows);
    size_t name_width = 0, type_width = 0;
    for (const ShownColumn& c : columns) {
      name_width = std::max(name_width, Width(c.name));
      type_width = std::max(type_width, Width(c.type));
    }
    for (const ShownColumn& c : columns) {
      std::string marks;
      const auto mark = [&](bool is, const char* what) {
        if (is) marks += (marks.empty() ? "" : ", ") + std::string(what);
      };
      mark(c.primary, "primary key");
      mark(c.unique, "unique");
      mark(!c.nullable && !c.primary, "not null");
      for (const Relation& r : relations) {
        const auto at = std::find(r.columns.begin(), r.columns.end(), c.spec);
        if (!c.spec || at == r.columns.end()) continue;
        const auto i = static_cast<size_t>(at - r.columns.begin());
        mark(
            true,
            fmt::format("→ {}.{}", spec.tables[r.parent].key, r.parent_columns[i]->output).c_str());
      }
      std::string line = fmt::format("  {}  {}  {}", Padded(c.name, name_width),
                                     Padded(c.type, type_width), marks);
      while (line.ends_with(' ')) line.pop_back();
      out += line + "\n";
    }
    out += "\n";
  }
  if (relations.empty()) return out;
  out += "relations\n";
  std::set<size_t> seen;
  const auto root = [&](size_t t) {
    if (!seen.insert(t).second) return;
    out += "  " + spec.tables[t].key + "\n";
    Tree(spec, relations, t, "  ", &seen, &out);
  };
  const auto has = [&](size_t t, bool as_child) {
    return std::any_of(relations.begin(), relations.end(), [&](const Relation& r) {
      return r.child != r.parent && (as_child ? r.child : r.parent) == t;
    });
  };
  for (size_t t = 0; t < spec.tables.size(); ++t)
    if (!has(t, true) && has(t, false)) root(t);
  // What is left hangs together in circles.
  for (size_t t = 0; t < spec.tables.size(); ++t)
    if (has(t, true)) root(t);
  for (const Relation& r : relations) {
    if (r.child == r.parent)
      out += fmt::format("  {} refers to itself ({} → {})\n", spec.tables[r.child].key,
                         Names(r.columns), Names(r.parent_columns));
  }
  return out;
}

std::string ShowDot(const spec::Spec& spec, const std::vector<ShownTable>& tables) {
  const std::vector<Relation> relations = Relations(spec);
  std::string out =
      "digraph schema {\n  rankdir=LR;\n  node [shape=plaintext, "
      "fontname=\"Helvetica\"];\n";
  std::set<std::string> shown_keys;
  for (const ShownTable& shown : tables) {
    shown_keys.insert(shown.key);
    out += fmt::format(
        "  {} [label=<<table border=\"0\" cellborder=\"1\" "
        "cellspacing=\"0\"><tr><td "
        "bgcolor=\"lightgrey\" colspan=\"2\"><b>{}</b></td></tr>",
        Word("t_" + shown.key), Html(shown.name));
    for (const ShownColumn& c : ColumnsOf(spec, shown, relations)) {
      const std::string name = c.primary ? "<u>" + Html(c.name) + "</u>" : Html(c.name);
      out += fmt::format("<tr><td align=\"left\">{}</td><td align=\"left\">{}</td></tr>", name,
                         Html(c.type));
    }
    out += "</table>>];\n";
  }
  for (const Relation& r : relations) {
    if (!shown_keys.contains(spec.tables[r.child].key) ||
        !shown_keys.contains(spec.tables[r.parent].key))
      continue;
    std::string label;
    for (const char c : Names(r.columns))
      label += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    out += fmt::format("  {} -> {} [label=\"{}\"{}];\n", Word("t_" + spec.tables[r.child].key),
                       Word("t_" + spec.tables[r.parent].key), label,
                       r.required ? "" : ", style=dashed");
  }
  return out + "}\n";
}

std::string ShowMermaid(const spec::Spec& spec, const std::vector<ShownTable>& tables) {
  const std::vector<Relation> relations = Relations(spec);
  std::string out = "erDiagram\n";
  for (const ShownTable& shown : tables) {
    out += fmt::format("  {} {{\n", shown.key);
    for (const ShownColumn& c : ColumnsOf(spec, shown, relations)) {
      std::string keys;
      if (c.primary) keys = "PK";
      if (c.foreign) keys += keys.empty() ? "FK" : ", FK";
      if (c.unique) keys += keys.empty() ? "UK" : ", UK";
      out += fmt::format("    {} {}{}\n", Word(c.type),
                         c.spec ? Word("_" + c.spec->name) : Word(c.name),
                         keys.empty() ? "" : " " + keys);
    }
    out += "  }\n";
  }
  for (const Relation& r : relations) {
    std::string label;
    for (const char c : Names(r.columns)) label += c == '"' ? '\'' : c;
    out += fmt::format("  {} {}--{} {} : \"{}\"\n", spec.tables[r.parent].key,
                       r.required ? "||" : "|o", r.unique ? "o|" : "o{", spec.tables[r.child].key,
                       label);
  }
  return out;
}

std::string ShowJson(const spec::Spec& spec, const std::vector<ShownTable>& tables) {
  const std::vector<Relation> relations = Relations(spec);
  Json doc;
  doc["version"] = 1;
  doc["dataset"] = spec.dataset;
  doc["tables"] = Json::array();
  for (const ShownTable& shown : tables) {
    Json t = {{"table", shown.name}, {"key", shown.key}, {"rows", shown.rows}};
    t["columns"] = Json::array();
    for (const ShownColumn& c : ColumnsOf(spec, shown, relations)) {
      t["columns"].push_back({{"name", c.name},
                              {"type", c.type},
                              {"nullable", c.nullable},
                              {"kind", c.spec ? c.spec->kind : ""}});
    }
    t["primary_key"] = Json::array();
    t["unique"] = Json::array();
    if (const spec::Table* table = spec.FindTable(shown.key)) {
      for (const spec::Key& key : table->keys) {
        if (key.primary)
          t["primary_key"] = key.columns;
        else
          t["unique"].push_back(key.columns);
      }
    }
    doc["tables"].push_back(std::move(t));
  }
  doc["relations"] = Json::array();
  for (const Relation& r : relations) {
    Json columns = Json::array(), parents = Json::array();
    for (const spec::Column* c : r.columns) columns.push_back(c->output);
    for (const spec::Column* c : r.parent_columns) parents.push_back(c->output);
    doc["relations"].push_back({{"table", spec.tables[r.child].key},
                                {"columns", columns},
                                {"parent", spec.tables[r.parent].key},
                                {"parent_columns", parents},
                                {"required", r.required},
                                {"unique", r.unique}});
  }
  return doc.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace synthmill::schema
