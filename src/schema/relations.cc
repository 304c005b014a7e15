#include "schema/relations.h"

#include <algorithm>
#include <map>

namespace synthmill::schema {

namespace {

std::string Argument(const spec::Column& column, std::string_view key) {
  const spec::Node* node = column.args.Find(key);
  return node && node->is_scalar() ? node->text : std::string();
}

const spec::Column* FindColumn(const spec::Table& table, std::string_view key) {
  for (const spec::Column& column : table.columns)
    if (column.name == key) return &column;
  return nullptr;
}

int FindTable(const spec::Spec& spec, std::string_view key) {
  for (size_t i = 0; i < spec.tables.size(); ++i)
    if (spec.tables[i].key == key) return static_cast<int>(i);
  return -1;
}

bool IsKey(const spec::Table& table, const std::vector<const spec::Column*>& columns) {
  return std::any_of(table.keys.begin(), table.keys.end(), [&](const spec::Key& key) {
    return key.columns.size() == columns.size() &&
           std::all_of(columns.begin(), columns.end(), [&](const spec::Column* c) {
             return std::find(key.columns.begin(), key.columns.end(), c->name) != key.columns.end();
           });
  });
}

// A parent of `same` rows has further columns in common with the child: those of the parent they
// share, which stand first.
void AddShared(const spec::Spec& spec, Relation* relation) {
  const spec::Table& child = spec.tables[relation->child];
  const spec::Table& parent = spec.tables[relation->parent];
  const spec::Column* from = relation->columns[0];
  if (const std::string helper = Argument(*from, "from"); !helper.empty())
    from = FindColumn(child, helper);
  const spec::Node* same = from ? from->args.Find("same") : nullptr;
  if (!same || !same->is_map() || same->entries.size() != 1) return;
  const std::string& theirs = same->entries[0].key;
  const std::string& mine = same->entries[0].value.text;
  size_t added = 0;
  for (const spec::Column& column : child.columns) {
    if (column.kind != "reference" || column.hidden || Argument(column, "from") != mine) continue;
    for (const spec::Column& other : parent.columns) {
      if (other.kind != "reference" || other.hidden || Argument(other, "from") != theirs ||
          Argument(other, "column") != Argument(column, "column"))
        continue;
      relation->columns.insert(relation->columns.begin() + static_cast<ptrdiff_t>(added), &column);
      relation->parent_columns.insert(
          relation->parent_columns.begin() + static_cast<ptrdiff_t>(added), &other);
      ++added;
      break;
    }
  }
}

}  // namespace

std::vector<Relation> Relations(const spec::Spec& spec) {
  std::vector<Relation> out;
  for (size_t t = 0; t < spec.tables.size(); ++t) {
    const spec::Table& table = spec.tables[t];
    std::map<std::string, size_t> by_parent;  // hidden parent column -> relation
    for (const spec::Column& column : table.columns) {
      if (column.kind != "reference" || column.hidden) continue;
      const std::string from = Argument(column, "from");
      std::string parent = Argument(column, "table");
      if (!from.empty()) {
        const spec::Column* helper = FindColumn(table, from);
        if (!helper) continue;
        parent = Argument(*helper, "table");
      }
      const int p = FindTable(spec, parent);
      if (p < 0) continue;
      const spec::Column* theirs =
          FindColumn(spec.tables[static_cast<size_t>(p)], Argument(column, "column"));
      if (!theirs || theirs->hidden) continue;
      size_t at = out.size();
      if (!from.empty()) at = by_parent.emplace(from, at).first->second;
      if (at == out.size()) {
        out.push_back({});
        out.back().child = t;
        out.back().parent = static_cast<size_t>(p);
        out.back().required = true;
      }
      Relation& relation = out[at];
      relation.columns.push_back(&column);
      relation.parent_columns.push_back(theirs);
      relation.required &= column.required;
    }
  }
  for (Relation& r : out) {
    AddShared(spec, &r);
    r.unique = IsKey(spec.tables[r.child], r.columns);
  }
  return out;
}

std::vector<size_t> LoadOrder(const spec::Spec& spec, const std::vector<Relation>& relations) {
  const size_t n = spec.tables.size();
  std::vector<bool> done(n);
  std::vector<size_t> order;
  while (order.size() < n) {
    size_t best = n, fewest = relations.size() + 1;
    for (size_t t = 0; t < n; ++t) {
      if (done[t]) continue;
      size_t waits = 0;
      for (const Relation& r : relations) waits += r.child == t && r.parent != t && !done[r.parent];
      if (waits < fewest) fewest = waits, best = t;
      if (waits == 0) break;
    }
    done[best] = true;
    order.push_back(best);
  }
  return order;
}

}  // namespace synthmill::schema
