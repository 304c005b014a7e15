// Foreign keys → references. A key of several columns draws its row once; keys that share columns
// are made to agree: by one that implies the other, or by rows that have a parent in common.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "schema/names.h"
#include "schema/table_plan.h"

namespace synthmill::schema {

namespace {

using ddl::Place;
using ddl::Problem;

struct KeyPlan {
  const ddl::ForeignKey* key = nullptr;
  size_t child = 0, parent = 0;
  std::vector<size_t> columns, theirs;  // of the child, of the parent; in pairs
  enum class State { kPlain, kImplied, kShared, kDropped } state = State::kPlain;
  int root = -1;         // kShared: the key to the table that both have in common, in this table
  int their_root = -1;   // kShared: the same in the parent table
  bool made_up = false;  // stands in no file
  bool counted = false;  // others need to find the rows of its parent
  std::string helper;    // the hidden column that draws the row
};

class ReferencePlanner {
 public:
  ReferencePlanner(const std::vector<int>& plan_of, std::vector<TablePlan>* plans,
                   std::vector<Problem>* problems)
      : plan_of_(plan_of), plans_(*plans), problems_(*problems) {}

  void Run() {
    for (size_t p = 0; p < plans_.size(); ++p) Collect(p);
    for (size_t p = 0; p < plans_.size(); ++p) Imply(p);
    // What one table shares, another has to count out: until nothing changes.
    for (bool changed = true; changed;) {
      changed = false;
      for (size_t p = 0; p < plans_.size(); ++p) changed |= Share(p);
    }
    for (KeyPlan& k : keys_) {
      if (k.state == State::kShared && !(Counts(k.root) && Counts(k.their_root)))
        Drop(&k, "its rows would hang on more than one other table");
      if (k.state == State::kImplied && Implier(k) < 0)
        Drop(&k, "what it follows from is not kept");
    }
    for (KeyPlan& k : keys_) Name(&k);
    for (const KeyPlan& k : keys_) Write(k);
  }

 private:
  using State = KeyPlan::State;

  void Warn(Place place, std::string message, std::string hint = "") {
    problems_.push_back({Problem::Severity::kWarning, place, std::move(message), std::move(hint)});
  }
  std::string What(const KeyPlan& k) const { return What(plans_[k.child], *k.key); }
  static std::string What(const TablePlan& plan, const ddl::ForeignKey& key) {
    return fmt::format("table '{}', foreign key ({})", plan.table->name.text,
                       fmt::join(key.columns, ", "));
  }
  bool Counts(int k) const {
    const KeyPlan& key = keys_[static_cast<size_t>(k)];
    return key.state == State::kPlain && key.counted;
  }
  void Drop(KeyPlan* k, const std::string& why) {
    k->state = State::kDropped;
    plans_[k->child].kept_keys -= !k->made_up;
    Warn(k->key->place, fmt::format("{}: {}; the key is not kept", What(*k), why),
         "its values may point nowhere; load scripts leave it out");
  }

  void Collect(size_t p) {
    TablePlan& plan = plans_[p];
    for (const ddl::ForeignKey& key : plan.table->foreign_keys) {
      // The reader has told of parents that no file holds.
      if (key.parent < 0) continue;
      const int parent = plan_of_[static_cast<size_t>(key.parent)];
      if (parent < 0) {
        Warn(key.place, fmt::format("{}: the table '{}' is not there; its values point nowhere",
                                    What(plan, key), key.table.text));
        continue;
      }
      KeyPlan k;
      k.key = &key;
      k.child = p;
      k.parent = static_cast<size_t>(parent);
      const TablePlan& target = plans_[k.parent];
      std::string missing;
      for (size_t i = 0; i < key.columns.size(); ++i) {
        const std::string name = i < key.parent_columns.size() ? key.parent_columns[i] : "";
        const int mine = plan.table->Find(key.columns[i]), theirs = target.table->Find(name);
        if (mine < 0 || theirs < 0 || plan.columns[static_cast<size_t>(mine)].left_out ||
            target.columns[static_cast<size_t>(theirs)].left_out) {
          missing = name;
          break;
        }
        k.columns.push_back(static_cast<size_t>(mine));
        k.theirs.push_back(static_cast<size_t>(theirs));
      }
      if (k.columns.size() < key.columns.size()) {
        Warn(key.place, fmt::format("{}: '{}' of table '{}' is not there; its values point nowhere",
                                    What(plan, key), missing, target.table->name.text));
        continue;
      }
      ++plan.kept_keys;
      // A row of its own table and nothing else: the same key twice says nothing new.
      const bool known = std::any_of(keys_.begin(), keys_.end(), [&](const KeyPlan& other) {
        return other.child == p && other.parent == k.parent && Pairs(other) == Pairs(k);
      });
      if (!known) keys_.push_back(std::move(k));
    }
  }

  static std::set<std::pair<size_t, size_t>> Pairs(const KeyPlan& k) {
    std::set<std::pair<size_t, size_t>> out;
    for (size_t i = 0; i < k.columns.size(); ++i) out.emplace(k.columns[i], k.theirs[i]);
    return out;
  }
  static bool Uses(const KeyPlan& k, size_t column) {
    return std::find(k.columns.begin(), k.columns.end(), column) != k.columns.end();
  }
  static bool Overlap(const KeyPlan& a, const KeyPlan& b) {
    return std::any_of(a.columns.begin(), a.columns.end(), [&](size_t c) { return Uses(b, c); });
  }
  // Their column for mine; only of columns that the key has.
  static size_t Theirs(const KeyPlan& k, size_t column) {
    const auto at = std::find(k.columns.begin(), k.columns.end(), column);
    return k.theirs[static_cast<size_t>(at - k.columns.begin())];
  }
  // The key of `table` that carries its columns `from` to `to` of `parent`, pair by pair; -1: none.
  int Find(size_t table, size_t parent, const std::set<std::pair<size_t, size_t>>& pairs) const {
    for (size_t i = 0; i < keys_.size(); ++i)
      if (keys_[i].child == table && keys_[i].parent == parent && Pairs(keys_[i]) == pairs &&
          keys_[i].state != State::kDropped)
        return static_cast<int>(i);
    return -1;
  }

  // A key of the same table, of more columns, whose parent refers to the same row: the row that one
  // finds has what this one needs.
  int Implier(const KeyPlan& f) const {
    for (size_t g = 0; g < keys_.size(); ++g) {
      const KeyPlan& other = keys_[g];
      if (&other == &f || other.child != f.child || other.parent == f.child ||
          other.state == State::kDropped || other.state == State::kImplied ||
          other.columns.size() < f.columns.size()) {
        continue;
      }
      if (!std::all_of(f.columns.begin(), f.columns.end(),
                       [&](size_t c) { return Uses(other, c); })) {
        continue;
      }
      std::set<std::pair<size_t, size_t>> pairs;
      for (size_t i = 0; i < f.columns.size(); ++i)
        pairs.emplace(Theirs(other, f.columns[i]), f.theirs[i]);
      if (Find(other.parent, f.parent, pairs) >= 0) return static_cast<int>(g);
    }
    return -1;
  }

  void Imply(size_t p) {
    for (KeyPlan& k : keys_)
      if (k.child == p && Implier(k) >= 0) k.state = State::kImplied;
  }

  // Keys of a table that overlap, and keys whose parent's rows others have to find. True if
  // something has changed.
  bool Share(size_t p) {
    bool changed = false;
    for (size_t i = 0; i < keys_.size(); ++i) {
      KeyPlan& k = keys_[i];
      if (k.child != p || k.state != State::kImplied || !k.counted) continue;
      k.state = State::kPlain;  // it draws its row itself again
      changed = true;
    }
    for (size_t i = 0; i < keys_.size(); ++i) {
      if (keys_[i].child != p || keys_[i].state != State::kPlain) continue;
      for (size_t j = 0; j < keys_.size(); ++j) {
        if (i == j || keys_[j].child != p || keys_[i].root >= 0) continue;
        if (keys_[j].state != State::kPlain && keys_[j].state != State::kShared) continue;
        if (!Overlap(keys_[i], keys_[j])) continue;
        if (keys_[j].root == static_cast<int>(i)) continue;  // it is what the other hangs on
        changed = true;
        Agree(i, j);
        break;
      }
    }
    return changed;
  }

  // Two keys with columns in common.
  void Agree(size_t i, size_t j) {
    // The one of fewer columns may be the root itself: (tenant) of (tenant, user).
    size_t small = keys_[i].columns.size() <= keys_[j].columns.size() ? i : j;
    size_t large = small == i ? j : i;
    std::vector<size_t> shared;
    for (size_t c : keys_[small].columns)
      if (Uses(keys_[large], c)) shared.push_back(c);
    const bool root_is_small = shared.size() == keys_[small].columns.size();
    std::string why;
    if (root_is_small && Hang(large, small, &why)) return;
    if (!root_is_small && keys_[small].state == State::kPlain &&
        keys_[large].state == State::kPlain) {
      // Both hang on a third that the columns themselves refer to, or would.
      const int root = RootOf(small, shared, &why);
      if (root >= 0 && Hang(small, static_cast<size_t>(root), &why) &&
          Hang(large, static_cast<size_t>(root), &why))
        return;
    } else if (!root_is_small) {
      const size_t hung = keys_[small].state == State::kShared ? small : large;
      const size_t other = hung == small ? large : small;
      const KeyPlan& root = keys_[static_cast<size_t>(keys_[hung].root)];
      if (root.columns.size() == shared.size() &&
          Hang(other, static_cast<size_t>(keys_[hung].root), &why))
        return;
    }
    const size_t lost = std::max(i, j);
    const Place at = keys_[std::min(i, j)].key->place;
    std::vector<std::string> names;
    for (size_t c : shared)
      names.push_back("'" + plans_[keys_[lost].child].table->columns[c].name.text + "'");
    Drop(&keys_[lost],
         fmt::format("it shares {} with the one at line {}, and their rows cannot be made to "
                     "agree{}",
                     fmt::join(names, ", "), at.at.line, why.empty() ? "" : ": " + why));
  }

  // A key of this table from the shared columns to what those of the parent of `k` refer to.
  int RootOf(size_t k, const std::vector<size_t>& shared, std::string* why) {
    const KeyPlan& key = keys_[k];
    std::set<size_t> theirs;
    for (size_t c : shared) theirs.insert(Theirs(key, c));
    for (size_t i = 0; i < keys_.size(); ++i) {
      const KeyPlan& up = keys_[i];
      if (up.child != key.parent || up.state == State::kDropped) continue;
      if (std::set<size_t>(up.columns.begin(), up.columns.end()) != theirs) continue;
      KeyPlan root;
      root.key = key.key;
      root.made_up = true;
      root.child = key.child;
      root.parent = up.parent;
      for (size_t c : shared) {
        root.columns.push_back(c);
        root.theirs.push_back(Theirs(up, Theirs(key, c)));
      }
      const int known = Find(root.child, root.parent, Pairs(root));
      if (known >= 0) {
        keys_[static_cast<size_t>(known)].state = State::kPlain;
        return known;
      }
      keys_.push_back(std::move(root));
      return static_cast<int>(keys_.size()) - 1;
    }
    std::vector<std::string> names;
    for (size_t c : theirs) names.push_back(plans_[key.parent].table->columns[c].name.text);
    *why = fmt::format("({}) of table '{}' refers to no table by itself", fmt::join(names, ", "),
                       plans_[key.parent].table->name.text);
    return -1;
  }

  // The rows of `k` are taken from those that share with this row what the key `root` finds.
  bool Hang(size_t k, size_t root, std::string* why) {
    KeyPlan& key = keys_[k];
    KeyPlan& base = keys_[root];
    if (base.root >= 0 || base.parent == base.child) {
      *why = "they would hang on each other";
      return false;
    }
    std::set<std::pair<size_t, size_t>> pairs;
    for (size_t i = 0; i < base.columns.size(); ++i) {
      if (!Uses(key, base.columns[i])) return false;
      pairs.emplace(Theirs(key, base.columns[i]), base.theirs[i]);
    }
    const int up =
        key.parent == key.child ? static_cast<int>(root) : Find(key.parent, base.parent, pairs);
    if (up < 0 || Pairs(keys_[static_cast<size_t>(up)]) != pairs) {
      *why = fmt::format("table '{}' does not refer to '{}' by these columns",
                         plans_[key.parent].table->name.text, plans_[base.parent].table->name.text);
      return false;
    }
    base.state = State::kPlain;
    base.counted = true;
    keys_[static_cast<size_t>(up)].counted = true;
    key.state = State::kShared;
    key.root = static_cast<int>(root);
    key.their_root = up;
    return true;
  }

  // --- what is written ---

  bool IsKey(const KeyPlan& k) const {
    const TablePlan& plan = plans_[k.child];
    std::set<std::string> names;
    for (size_t c : k.columns) names.insert(plan.table->columns[c].name.text);
    const auto same = [&](const std::vector<std::string>& columns) {
      return std::set<std::string>(columns.begin(), columns.end()) == names;
    };
    return same(plan.table->primary_key.columns) ||
           std::any_of(plan.table->unique.begin(), plan.table->unique.end(),
                       [&](const ddl::Key& key) { return same(key.columns); });
  }

  void Name(KeyPlan* k) {
    if (k->state == State::kDropped || k->state == State::kImplied) return;
    if (k->columns.size() == 1 && !k->counted && k->state != State::kShared) return;
    TablePlan& plan = plans_[k->child];
    std::set<std::string>& taken = taken_[k->child];
    if (taken.empty())
      for (const ColumnPlan& c : plan.columns) taken.insert(c.key);
    k->helper = Unique(plans_[k->parent].key + "_row", &taken);
  }

  void Write(const KeyPlan& k) {
    if (k.state == State::kDropped || k.state == State::kImplied) return;
    TablePlan& plan = plans_[k.child];
    const TablePlan& target = plans_[k.parent];
    std::vector<size_t> own;  // that this key fills
    bool required = false;
    for (size_t c : k.columns) {
      if (k.root >= 0 && Uses(keys_[static_cast<size_t>(k.root)], c)) continue;
      if (plan.columns[c].reference) continue;
      own.push_back(c);
      required |= plan.columns[c].required;
    }
    if (own.empty()) return;
    if (!k.helper.empty()) {
      ColumnArgs args;
      args.Set("kind", "parent");
      args.SetText("table", target.key);
      std::string why = "a row of " + target.key;
      if (k.counted) {
        args.Set("counted", "true");
        const std::string with = SharedWith(k);
        if (!with.empty()) args.Set("shared_with", "[" + with + "]");
        why += ", counted out: others find theirs by it";
      }
      if (k.root >= 0) {
        const KeyPlan& root = keys_[static_cast<size_t>(k.root)];
        args.Set("same", "{" + YamlText(keys_[static_cast<size_t>(k.their_root)].helper) + ": " +
                             YamlText(root.helper) + "}");
        why += " with the same " + plans_[root.parent].key;
      }
      if (!IsKey(k)) args.Set("skew", "low");
      args.Set("hidden", "true");
      if (required && k.root >= 0) args.Set("required", "true");
      if (!required && !k.counted) args.Set("null", "0.1");
      plan.columns[own[0]].helpers.push_back({k.helper, why, args});
    }
    for (size_t i = 0; i < k.columns.size(); ++i) {
      if (std::find(own.begin(), own.end(), k.columns[i]) == own.end()) continue;
      ColumnPlan& c = plan.columns[k.columns[i]];
      c.reference = true;
      c.parent = static_cast<int64_t>(k.parent);
      c.args.Set("kind", "reference");
      c.args.SetText(k.helper.empty() ? "table" : "from", k.helper.empty() ? target.key : k.helper);
      c.args.SetText("column", target.columns[k.theirs[i]].key);
      if (k.helper.empty() && !c.unique) c.args.Set("skew", "low");
      c.why = "a foreign key";
      if (k.columns.size() > 1) c.why += ", with its neighbours";
    }
  }

  // The other tables whose rows are counted out over the same parent.
  std::string SharedWith(const KeyPlan& k) const {
    std::set<std::string> names;
    for (const KeyPlan& other : keys_)
      if (other.counted && other.parent == k.parent && other.child != k.child)
        names.insert(YamlText(plans_[other.child].key));
    return fmt::format("{}", fmt::join(names, ", "));
  }

  const std::vector<int>& plan_of_;
  std::vector<TablePlan>& plans_;
  std::vector<Problem>& problems_;
  std::vector<KeyPlan> keys_;
  std::map<size_t, std::set<std::string>> taken_;
};

}  // namespace

void PlanReferences(const std::vector<int>& plan_of, std::vector<TablePlan>* plans,
                    std::vector<Problem>* problems) {
  ReferencePlanner(plan_of, plans, problems).Run();
}

}  // namespace synthmill::schema
