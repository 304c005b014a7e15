#include "generate/keys.h"

#include <algorithm>

#include "core/bijection.h"
#include "generate/key_columns.h"

namespace synthmill::generate {
namespace {

// Bijections go up to here.
constexpr uint64_t kMostValues = uint64_t{1} << 62;
// Popularities up to here.
constexpr uint64_t kMostPicked = uint64_t{1} << 50;

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
  for (auto& [c, columns] : through) {
    // What they share with this row through another parent is given, too.
    const Relation* relation = column(c).column->relation();
    if (relation->same.empty()) continue;
    const auto shared = through.find(scope_->Find(relation->same));
    if (shared == through.end()) continue;
    const auto theirs = relations_->Through(relation->table, relation->theirs, shared->second);
    columns.insert(columns.end(), theirs.begin(), theirs.end());
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
    if (relation && relation->deal && relation->deal->most() <= 1) return true;
    position |= relation && relation->position;
  }
  if (owner && position) return true;
  return std::any_of(made_.begin(), made_.end(), [&](const Columns& made) {
    return std::includes(columns.begin(), columns.end(), made.begin(), made.end());
  });
}

void KeyMaker::Make(const spec::Key& key) {
  lacking_.clear();
  const Columns deciding = Deciding(key);
  if (facts_->rows <= 1 || Holds(deciding)) {
    made_.push_back(deciding);
    return;
  }
  // Columns of the table's own come first: where they are enough, references keep their skew.
  Columns free, own;
  uint64_t values = 1, own_values = 1;
  std::shared_ptr<const RowDeal> group;
  bool skewed = false;
  for (int c : deciding) {
    const Relation* relation = column(c).column->relation();
    if (relation && relation->deal && !group) group = relation->deal;
    const uint64_t domain = column(c).column->domain();
    if (domain == 0 || taken_.contains(c)) continue;
    free.push_back(c);
    values = Times(values, domain);
    if (relation) {
      skewed |= column(c).column->popularity(1).has_value();
      continue;
    }
    own.push_back(c);
    own_values = Times(own_values, domain);
  }
  const uint64_t wanted = group ? group->most() : facts_->rows;
  if (!own.empty() && own_values >= wanted) {
    Count(own, group);
  } else if (!free.empty() && values >= wanted) {
    skewed ? Pick(free, group) : Count(free, group);
  } else if (!Combine(deciding, own)) {
    const auto grows = std::find_if(deciding.begin(), deciding.end(), [&](int c) {
      return !taken_.contains(c) && column(c).column->takes_ending();
    });
    if (grows == deciding.end()) return Refuse(key, deciding, free, wanted);
    if (!AddEnd(*grows, Name(key), key.at)) return;
  }
  made_.push_back(deciding);
}

// Small domains first: what they leave of the room is for the others.
std::vector<uint64_t> KeyMaker::Radices(const Columns& order, uint64_t most) {
  std::vector<uint64_t> radix;
  uint64_t left = most;
  for (size_t i = 0; i < order.size(); ++i) {
    radix.push_back(std::min(column(order[i]).column->domain(),
                             std::max<uint64_t>(1, Root(left, order.size() - i))));
    left /= radix.back();
  }
  return radix;
}

core::Stream KeyMaker::StreamOf(const Columns& columns, const std::string& what) {
  std::string names = what;
  for (int c : columns) names += "," + NameOf(c);
  return core::MakeStream(state_->seed, "t/" + table_->key, names);
}

// The columns take the digits of the code from `divisor` on.
void KeyMaker::Digits(const Columns& order, const KeyCodePtr& code,
                      const std::vector<uint64_t>& radix, uint64_t divisor, uint64_t alone) {
  for (size_t i = 0; i < order.size(); ++i) {
    ScopeColumn& c = column(order[i]);
    KeyDigits digits;
    digits.code = code;
    digits.divisor = divisor;
    digits.radix = radix[i];
    // A domain larger than its radix: the rest is drawn, so that all of it is reached.
    digits.stride = c.column->domain() / radix[i];
    digits.rest = core::MakeStream(state_->seed, "t/" + table_->key, NameOf(order[i])).Sub("rest");
    digits.alone = alone;
    digits.whole = alone > 0;
    c.column = MakeKeyed(std::move(c.column), digits);
    taken_.insert(order[i]);
    divisor *= radix[i];
  }
}

// The code says which of its values a column takes.
void KeyMaker::Whole(int c, const KeyCodePtr& code) {
  KeyDigits digits;
  digits.code = code;
  digits.whole = true;
  column(c).column = MakeKeyed(std::move(column(c).column), digits);
  taken_.insert(c);
}

KeyMaker::Columns KeyMaker::BySize(Columns columns) {
  std::stable_sort(columns.begin(), columns.end(), [&](int a, int b) {
    return column(a).column->domain() < column(b).column->domain();
  });
  return columns;
}

// All combinations alike.
void KeyMaker::Count(const Columns& free, std::shared_ptr<const RowDeal> group) {
  const Columns order = BySize(free);
  const std::vector<uint64_t> radix = Radices(order, kMostValues);
  uint64_t all = 1;
  for (uint64_t r : radix) all *= r;
  const core::Bijection bijection(StreamOf(free, "key"), all);
  if (group) {
    Digits(order, MakeGrouped(std::move(group), bijection, StreamOf(free, "turn")), radix, 1, 0);
  } else {
    Digits(order, MakeOrdered(bijection), radix, 1, order.size() == 1 ? all : 0);
  }
}

// The rows of one reference are dealt out (unless they are some parent's already); each of these
// meets different rows of another one. All else tells apart what is the same in both.
void KeyMaker::Pick(const Columns& free, std::shared_ptr<const RowDeal> group) {
  Columns references, rest;
  for (int c : free) (column(c).column->relation() ? references : rest).push_back(c);
  std::stable_partition(references.begin(), references.end(),
                        [&](int c) { return column(c).column->popularity(1).has_value(); });
  const int dealt = group ? -1 : references[0];
  const size_t next = group ? 0 : 1;
  const int picked = next < references.size() ? references[next] : -1;
  for (size_t i = next + 1; i < references.size(); ++i) rest.push_back(references[i]);

  rest = BySize(rest);
  const uint64_t things = picked < 0 ? 1 : column(picked).column->domain();
  const std::vector<uint64_t> radix = Radices(rest, kMostPicked / things);
  uint64_t parts = 1;
  for (uint64_t r : radix) parts *= r;
  const auto popularity = [&](int c, uint64_t n) {
    const auto skewed = column(c).column->popularity(n);
    return skewed ? *skewed : core::Popularity(core::Skew(), column(c).column->domain(), n);
  };
  if (dealt >= 0) {
    group = std::make_shared<RowDeal>(StreamOf(free, "slots"), StreamOf({dealt}, "popular"),
                                      facts_->rows, column(dealt).column->domain(),
                                      popularity(dealt, 1), things * parts, false);
    Whole(dealt, MakeDealt(group));
  }
  const core::Stream turn = StreamOf(free, "turn");
  if (picked < 0) {
    const core::Bijection order(StreamOf(free, "key"), parts);
    return Digits(rest, MakeGrouped(std::move(group), order, turn), radix, 1, 0);
  }
  const KeyCodePtr code = MakePicked({std::move(group), popularity(picked, parts), parts,
                                      core::Bijection(StreamOf({picked}, "popular"), things),
                                      StreamOf(free, "start"), turn});
  Digits(rest, code, radix, 1, 0);
  Digits({picked}, code, {things}, parts, 0);
}

// Parents that share a further one with this row: their rows are counted within that.
bool KeyMaker::Combine(const Columns& deciding, const Columns& own) {
  CombinedOptions options;
  Columns same;
  std::string shared;
  for (int c : deciding) {
    const Relation* relation = column(c).column->relation();
    if (!relation || !relation->same_deal || taken_.contains(c)) continue;
    if (!shared.empty() && relation->same != shared) continue;
    shared = relation->same;
    same.push_back(c);
    options.each.push_back(relation->same_deal);
  }
  if (same.empty()) return false;
  const Relation* parent = column(scope_->Find(shared)).column->relation();
  if (!parent->deal) return false;
  options.deal = parent->deal;
  const Columns order = BySize(own);
  const std::vector<uint64_t> radix = Radices(order, uint64_t{1} << 30);
  for (uint64_t r : radix) options.parts *= r;
  const Combinations worst =
      WorstOf(*options.deal, options.each, relations_->Find(parent->table)->rows);
  const uint64_t found = Times(worst.found, options.parts);
  if (found < worst.wanted) {
    lacking_ = "some rows of '" + parent->table + "' have " + Grouped(worst.wanted) +
               " rows here and " + Grouped(found) + " combinations of what is theirs";
    return false;
  }
  options.order = StreamOf(deciding, "key");
  const std::vector<KeyCodePtr> codes = MakeCombined(options);
  for (size_t i = 0; i < same.size(); ++i) Whole(same[i], codes[i]);
  Digits(order, codes.back(), radix, 1, 0);
  return true;
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
    std::string group;
    for (int c : deciding)
      if (const Relation* r = column(c).column->relation(); r && r->deal && group.empty())
        group = r->table;
    message += group.empty() ? ", " + Grouped(wanted) + " rows wanted"
                             : " for up to " + Grouped(wanted) + " rows per row of '" + group + "'";
    hint = "fewer rows, more values, or another column in the key";
    for (int c : deciding)
      if (taken_.contains(c)) hint = "another key decides '" + NameOf(c) + "' already; " + hint;
  } else {
    message += " cannot be made: ";
    const int c = deciding.empty() ? scope_->Find(key.columns[0]) : deciding[0];
    const Relation* relation = column(c).column->relation();
    if (!lacking_.empty()) {
      message += lacking_;
      hint = "fewer rows, more rows of the tables referred to, or another column in the key";
    } else if (taken_.contains(c)) {
      message += "another key decides '" + NameOf(c) + "' already";
      hint = "a column of its own in each key, or keys of which one holds the other's columns";
    } else if (relation && relation->deal) {
      message += "'" + relation->table + "' has up to " + Grouped(relation->deal->most()) +
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
