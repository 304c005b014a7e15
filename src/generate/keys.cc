#include "generate/keys.h"

#include <algorithm>

#include "core/bijection.h"
#include "generate/key_columns.h"

namespace synthmill::generate {
namespace {

// Bijections go up to here.
constexpr uint64_t kMostValues = uint64_t{1} << 62;

uint64_t Times(uint64_t a, uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return product > kMostValues ? kMostValues : static_cast<uint64_t>(product);
}

// The largest r with r^k <= n.
uint64_t Root(uint64_t n, size_t k) {
  if (k == 1) return n;
  uint64_t low = 1, high = uint64_t{1} << (62 / k + 1);
  while (high - low > 1) {
    const uint64_t middle = low + (high - low) / 2;
    unsigned __int128 power = 1;
    for (size_t i = 0; i < k && power <= n; ++i) power *= middle;
    (power <= n ? low : high) = middle;
  }
  return low;
}

std::string Grouped(uint64_t n) {
  std::string text = std::to_string(n);
  for (int i = static_cast<int>(text.size()) - 3; i > 0; i -= 3)
    text.insert(static_cast<size_t>(i), ",");
  return text;
}

std::string Name(const spec::Key& key) {
  std::string out = key.primary ? "PRIMARY KEY (" : "UNIQUE (";
  for (size_t i = 0; i < key.columns.size(); ++i) out += (i ? ", " : "") + key.columns[i];
  return out + ")";
}

}  // namespace

void KeyMaker::Run() {
  std::vector<spec::Key> keys = table_->keys;
  for (const spec::Column& c : table_->columns) {
    if (!c.key) continue;
    const bool known = std::any_of(keys.begin(), keys.end(), [&](const spec::Key& k) {
      return k.columns == std::vector<std::string>{c.name};
    });
    if (!known) keys.push_back({c.at, {c.name}, false});
  }
  // A key of few columns often makes one of more columns hold.
  std::stable_sort(keys.begin(), keys.end(), [](const spec::Key& a, const spec::Key& b) {
    return a.columns.size() < b.columns.size();
  });
  for (const spec::Key& key : keys) {
    bool nulls = false;
    for (const std::string& name : key.columns) {
      const ScopeColumn& c = column(scope_->Find(name));
      if (!c.column) return;  // reported already
      if (!key.primary || !c.nullable || facts_->rows == 0) continue;
      nulls = true;
      state_->diagnostics->Error(
          c.spec->at,
          "column '" + name + "' is in the primary key of table '" + table_->key +
              "', so it cannot be null",
          "required: true says so (of the `parent` column, if there is one)");
    }
    if (!nulls) Make(key);
  }
}

KeyMaker::Columns KeyMaker::Deciding(const spec::Key& key) {
  Columns out;
  std::map<int, std::vector<std::string>> through;  // parent column -> columns of the parent
  for (const std::string& name : key.columns) {
    const int c = scope_->Find(name);
    const Relation* relation = column(c).column->relation();
    if (!relation || relation->column.empty()) {
      out.push_back(c);
    } else {
      const bool drawn = relation->drawn;
      through[drawn ? c : column(c).inputs[0]].push_back(relation->column);
    }
  }
  for (const auto& [c, columns] : through) {
    // Rows of the parent stand for its columns only where these are different in each.
    if (relations_->Identifies(column(c).column->relation()->table, columns)) out.push_back(c);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool KeyMaker::Holds(const Columns& columns) {
  bool owner = false, position = false;
  for (int c : columns) {
    if (column(c).column->distinct_rows() >= facts_->rows) return true;
    const Relation* relation = column(c).column->relation();
    owner |= relation && relation->owner;
    if (relation && relation->owner && facts_->fanout->max() <= 1) return true;
    position |= relation && relation->position;
  }
  if (owner && position) return true;
  return std::any_of(made_.begin(), made_.end(), [&](const Columns& made) {
    return std::includes(columns.begin(), columns.end(), made.begin(), made.end());
  });
}

void KeyMaker::Make(const spec::Key& key) {
  const Columns deciding = Deciding(key);
  if (facts_->rows <= 1 || Holds(deciding)) {
    made_.push_back(deciding);
    return;
  }
  // Columns of the table's own come first: where they are enough, references keep their skew.
  Columns free, own;
  uint64_t values = 1, own_values = 1;
  bool owned = false;
  for (int c : deciding) {
    const Relation* relation = column(c).column->relation();
    if (relation && relation->owner) owned = true;
    const uint64_t domain = column(c).column->domain();
    if (domain == 0 || taken_.contains(c)) continue;
    free.push_back(c);
    values = Times(values, domain);
    if (relation) continue;
    own.push_back(c);
    own_values = Times(own_values, domain);
  }
  const uint64_t wanted = owned ? facts_->fanout->max() : facts_->rows;
  if (!own.empty() && own_values >= wanted) {
    Count(own, owned ? wanted : 0);
  } else if (!free.empty() && values >= wanted) {
    Count(free, owned ? wanted : 0);
  } else {
    const auto grows = std::find_if(deciding.begin(), deciding.end(), [&](int c) {
      return !taken_.contains(c) && column(c).column->takes_ending();
    });
    if (grows == deciding.end()) return Refuse(key, deciding, free, wanted);
    if (!AddEnd(*grows, Name(key), key.at)) return;
  }
  made_.push_back(deciding);
}

void KeyMaker::Count(const Columns& free, uint64_t owner_rows) {
  // Small domains first: what they leave of the bijection's room is for the others.
  Columns order = free;
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return column(a).column->domain() < column(b).column->domain();
  });
  std::vector<uint64_t> radix;
  uint64_t left = kMostValues, all = 1;
  for (size_t i = 0; i < order.size(); ++i) {
    radix.push_back(std::min(column(order[i]).column->domain(),
                             std::max<uint64_t>(1, Root(left, order.size() - i))));
    left /= radix.back();
    all *= radix.back();
  }
  std::string names;
  for (int c : free) names += "," + NameOf(c);
  KeyDigits digits;
  digits.order.emplace(core::MakeStream(state_->seed, "t/" + table_->key, "key" + names), all);
  if (owner_rows > 0) {
    digits.fanout = facts_->fanout;
    digits.turn = core::MakeStream(state_->seed, "t/" + table_->key, "turn" + names);
  }
  uint64_t divisor = 1;
  for (size_t i = 0; i < order.size(); ++i) {
    ScopeColumn& c = column(order[i]);
    digits.divisor = divisor;
    digits.radix = radix[i];
    // A domain larger than its radix: the rest is drawn, so that all of it is reached.
    digits.stride = c.column->domain() / radix[i];
    digits.rest = core::MakeStream(state_->seed, "t/" + table_->key, NameOf(order[i])).Sub("rest");
    digits.alone = order.size() == 1 && owner_rows == 0;
    c.column = MakeKeyed(std::move(c.column), digits);
    taken_.insert(order[i]);
    divisor *= radix[i];
  }
}

bool KeyMaker::AddEnd(int c, const std::string& what, spec::Location at) {
  const spec::Column& spec = *column(c).spec;
  const spec::Args args(spec.args, "column '" + spec.name + "'", *state_->env, state_->diagnostics);
  EndingOptions options;
  options.rows = facts_->rows;
  options.max_chars = static_cast<uint64_t>(args.Int("max_length", 0));
  options.max_bytes = static_cast<uint64_t>(args.Int("max_bytes", 0));
  options.stream = core::MakeStream(state_->seed, "t/" + table_->key, spec.name).Sub("ending");
  // What the values were is a column of its own, which others may be made from.
  std::unique_ptr<Column> ending = MakeEnding(options);
  if (!ending) {
    const uint64_t most = options.max_chars && options.max_bytes
                              ? std::min(options.max_chars, options.max_bytes)
                              : std::max(options.max_chars, options.max_bytes);
    state_->diagnostics->Error(at,
                               what + " of table '" + table_->key + "': texts of " +
                                   std::to_string(most) + " characters cannot be different in " +
                                   Grouped(facts_->rows) + " rows",
                               "a greater max_length, or fewer rows");
    return false;
  }
  ScopeColumn bare;
  bare.spec = &spec;
  // With its end it is cut to the lengths it may have, not before.
  std::unique_ptr<Column> uncut = column(c).column->ReleaseUncut();
  bare.column = uncut ? std::move(uncut) : std::move(column(c).column);
  bare.inputs = std::move(column(c).inputs);
  bare.view = column(c).view;
  bare.type = column(c).type;
  bare.dictionary = bare.column->dictionary();
  bare.nullable = bare.column->may_be_null();
  const int added = static_cast<int>(scope_->columns.size());
  for (ScopeColumn& other : scope_->columns)
    std::replace(other.inputs.begin(), other.inputs.end(), c, added);
  scope_->columns.push_back(std::move(bare));
  scope_->order.insert(std::find(scope_->order.begin(), scope_->order.end(), c), added);
  column(c).column = std::move(ending);
  column(c).inputs = {added};
  column(c).dictionary = nullptr;
  column(c).mostly_distinct = true;
  taken_.insert(c);
  return true;
}

void KeyMaker::Refuse(const spec::Key& key, const Columns& deciding, const Columns& free,
                      uint64_t wanted) {
  std::string message = Name(key) + " of table '" + table_->key + "'";
  std::string hint;
  uint64_t values = 1;
  std::string each;
  for (int c : free) {
    values = Times(values, column(c).column->domain());
    each += (each.empty() ? "" : " × ") + NameOf(c) + " " + Grouped(column(c).column->domain());
  }
  if (!free.empty()) {
    message += " has " + Grouped(values) + " possible values";
    if (free.size() > 1) message += " (" + each + ")";
    message += wanted == facts_->rows
                   ? ", " + Grouped(wanted) + " rows wanted"
                   : " for up to " + Grouped(wanted) + " rows per row of '" + facts_->owner + "'";
    hint = "fewer rows, more values, or another column in the key";
    for (int c : deciding)
      if (taken_.contains(c)) hint = "another key decides '" + NameOf(c) + "' already; " + hint;
  } else {
    message += " cannot be made: ";
    const int c = deciding.empty() ? scope_->Find(key.columns[0]) : deciding[0];
    const Relation* relation = column(c).column->relation();
    if (taken_.contains(c)) {
      message += "another key decides '" + NameOf(c) + "' already";
      hint = "a column of its own in each key, or keys of which one holds the other's columns";
    } else if (relation && relation->owner) {
      message += "'" + relation->table + "' has up to " + Grouped(facts_->fanout->max()) +
                 " rows here each";
      hint = "a {kind: position} column in the key";
    } else if (deciding.empty()) {
      message += "the columns it refers to are not unique themselves";
      hint = "unique: in the table referred to";
    } else {
      message += "columns of kind " + column(c).spec->kind + " have no values to choose from";
      hint = "kinds such as sequence, unique_id, uuid, int, date, pattern or template";
    }
  }
  state_->diagnostics->Error(key.at, message, hint);
}

}  // namespace synthmill::generate
