// Columns of one row that speak of the same thing agree: a full name is the first and the last one,
// an e-mail is the name's, city, state and postal code are of one real place, what was updated was
// created before.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "schema/names.h"
#include "schema/table_plan.h"
#include "schema/words.h"

namespace synthmill::schema {

namespace {

class Agreement {
 public:
  Agreement(TablePlan* plan, std::vector<ddl::Problem>* problems)
      : plan_(*plan), problems_(*problems) {
    for (const ColumnPlan& c : plan_.columns) taken_.insert(c.key);
  }

  void Run() {
    Compares();
    States();
    Places();
    Names();
    Times();
  }

 private:
  // A column whose kind may still be changed.
  bool Free(const ColumnPlan& c) const {
    return !c.reference && !c.left_out && !c.unique && c.role != Role::kNone;
  }

  // billing_city and billing_zip are of one place: what stands before the words of their rule.
  std::string Prefix(const ColumnPlan& c) const {
    std::vector<std::string> words = HeadWords(c.column->name.text);
    size_t own = 0;
    for (const NameRule& rule : NameRules()) {
      if (rule.role == c.role) own = std::max(own, MatchWords(words, rule.words));
    }
    std::string prefix;
    for (size_t i = 0; i + own < words.size(); ++i) prefix += words[i] + "_";
    return prefix;
  }

  ColumnPlan* Find(Role role, const std::string& prefix) {
    for (ColumnPlan& c : plan_.columns) {
      if (c.role == role && Free(c) && Prefix(c) == prefix) return &c;
    }
    return nullptr;
  }

  // The one of this prefix, or the table's own.
  ColumnPlan* FindNear(Role role, const std::string& prefix) {
    ColumnPlan* found = Find(role, prefix);
    return found ? found : Find(role, "");
  }

  // A column made from others is null where they are: never so if it must not be.
  static bool May(const ColumnPlan& user, const ColumnPlan& source) {
    return source.required || !user.required;
  }

  // The one that must be more reaches as far as what it is measured by, or else it is lowered.
  void MakeRoom(ColumnPlan* low, ColumnPlan* high, bool strict, const Domain& high_domain) {
    const bool days = IsDay(low->column->type);
    const std::string* low_max = low->args.Find(days ? "to" : "max");
    const std::string* high_max = high->args.Find(days ? "to" : "max");
    const std::string* low_min = low->args.Find(days ? "from" : "min");
    const std::string* high_min = high->args.Find(days ? "from" : "min");
    if (!low_max || !high_max || !low_min || !high_min) return;
    if (days) {
      // Both ends where one of them is; a day more where they must differ.
      if (!high_domain.max) high->args.Set("to", strict ? *low_max + " + 1d" : *low_max);
      return;
    }
    const int scale = std::max(ScaleOf(low->column->type), ScaleOf(high->column->type));
    const Int128 step =
        strict ? Power10(scale - std::min(ScaleOf(low->column->type), ScaleOf(high->column->type)))
               : 0;
    const auto lm = ScaledUp(*low_max, scale), hm = ScaledUp(*high_max, scale);
    const auto ln = ScaledUp(*low_min, scale), hn = ScaledUp(*high_min, scale);
    if (!lm || !hm || !ln || !hn || *hm >= *lm + step) return;
    // Lower the lower one: its type and checks allow what is less than its maximum.
    if (*hm - step >= *ln) {
      const int own = ScaleOf(low->column->type);
      const auto lowered = ScaledDown(ScaledText(*hm - step, scale), own);
      low->args.Set("max", ScaledText(*lowered, own));
    } else if (!high_domain.max) {
      const int own = ScaleOf(high->column->type);
      high->args.Set("max", ScaledText(*ScaledUp(ScaledText(*lm + step, scale), own), own));
    }
  }

  // Whether its values are drawn from a range, so that another column can be kept above or below:
  // not those of keys, which follow from the row.
  static bool Ranged(const ColumnPlan& c) {
    static const std::set<std::string> kRanged = {"int",  "decimal", "float",
                                                  "date", "time",    "timestamp"};
    return !c.reference && kRanged.contains(c.args.kind());
  }

  // Rules between columns that the schema's checks gave.
  void Compares() {
    for (size_t i = 0; i < plan_.columns.size(); ++i) {
      ColumnPlan& c = plan_.columns[i];
      for (const auto& [argument, other, check] : plan_.domains[i].compares) {
        ColumnPlan& base = plan_.columns[static_cast<size_t>(other)];
        if (c.left_out || base.left_out) continue;
        if (!Ranged(c) || !Ranged(base)) {
          LoseCheck(*check, &plan_, &problems_);
          continue;
        }
        const std::string& rule = argument;
        const bool strict = rule == "more_than" || rule == "less_than";
        if (rule == "at_least" || rule == "more_than") {
          MakeRoom(&base, &c, strict, plan_.domains[i]);
        } else {
          MakeRoom(&c, &base, strict, plan_.domains[static_cast<size_t>(other)]);
        }
        const std::string* before = c.args.Find(argument);
        c.args.Set(argument,
                   before ? "[" + *before + ", " + YamlText(base.key) + "]" : YamlText(base.key));
        c.why += fmt::format(", {} by a check", argument);
        c.role = Role::kNone;
      }
    }
  }

  // `state` is a place's where the table speaks of one, and else where something is in its life.
  void States() {
    bool place = false;
    for (const ColumnPlan& c : plan_.columns) {
      place |= c.role == Role::kCity || c.role == Role::kZip || c.role == Role::kAddress ||
               c.role == Role::kCountry;
    }
    for (size_t i = 0; i < plan_.columns.size(); ++i) {
      ColumnPlan& c = plan_.columns[i];
      if (c.role != Role::kState || !Free(c)) continue;
      const auto words = HeadWords(c.column->name.text);
      const bool only_state = words.back() == "state";
      if (place || !only_state || Prefix(c) == "us_") continue;
      const int64_t limit = std::max<int64_t>(c.column->type.length, 0);
      const NameRule* status = FindNameRule("", "status", ValueClass::kText, limit);
      if (!status) continue;
      std::string map = "{";
      for (const auto& [value, weight] : RuleValues(*status, limit)) {
        map += fmt::format("{}{}: {}", map.size() > 1 ? ", " : "", value, weight);
      }
      const std::string* length = c.args.Find("max_length");
      ColumnArgs args;
      args.Set("kind", "choice");
      args.Set("values", map + "}");
      if (length) args.Set("max_length", *length);
      c.args = args;
      c.role = Role::kNone;
      c.why = "status, by name and type";
    }
  }

  void Places() {
    std::set<std::string> prefixes;
    for (const ColumnPlan& c : plan_.columns) {
      if ((c.role == Role::kCity || c.role == Role::kState || c.role == Role::kZip) && Free(c) &&
          c.args.kind() == "list") {
        prefixes.insert(Prefix(c));
      }
    }
    for (const std::string& prefix : prefixes) {
      std::vector<ColumnPlan*> members;
      for (ColumnPlan& c : plan_.columns) {
        if ((c.role == Role::kCity || c.role == Role::kState || c.role == Role::kZip) && Free(c) &&
            c.args.kind() == "list" && Prefix(c) == prefix) {
          members.push_back(&c);
        }
      }
      if (members.size() < 2) continue;
      const std::string key = Unique(prefix + "place", &taken_);
      ColumnArgs place;
      place.Set("kind", "list_row");
      place.Set("list", "places");
      place.Set("hidden", "true");
      members[0]->helpers.push_back({key, "a real place", place});
      for (ColumnPlan* c : members) {
        const std::string* length = c->args.Find("max_length");
        ColumnArgs args;
        args.Set("kind", "field");
        args.SetText("of", key);
        args.Set("field", c->role == Role::kCity    ? "city"
                          : c->role == Role::kState ? "state"
                                                    : "zip");
        if (length) args.Set("max_length", *length);
        c->args = args;
      }
      // The places are of one country.
      if (ColumnPlan* country = Find(Role::kCountry, prefix)) {
        const int64_t limit = country->column->type.length;
        const std::string* length = country->args.Find("max_length");
        const bool code = country->args.Find("values") &&
                          country->args.Find("values")->find("US:") != std::string::npos;
        ColumnArgs args;
        args.Set("kind", "constant");
        args.Set("value", code || (limit >= 0 && limit < 13) ? "US" : "United States");
        if (length) args.Set("max_length", *length);
        country->args = args;
        country->why += ", of the places";
      }
    }
  }

  void Names() {
    for (ColumnPlan& c : plan_.columns) {
      // One that must be unique gets an end of its own when it is made.
      const bool free = !c.reference && !c.left_out && c.role != Role::kNone;
      if (!free || c.args.kind() != "template") continue;
      const std::string prefix =
          c.role == Role::kFullName || c.role == Role::kEmail || c.role == Role::kUserName
              ? Prefix(c)
              : "";
      ColumnPlan* first = FindNear(Role::kFirstName, prefix);
      ColumnPlan* last = FindNear(Role::kLastName, prefix);
      if (!first || !last || !May(c, *first) || !May(c, *last)) continue;
      // Both of lists; a first name that is made from c would be a circle.
      if (first->args.kind() != "list" || last->args.kind() != "list") continue;
      if (c.role == Role::kFullName) {
        c.args.SetText("template", fmt::format("{{{}}} {{{}}}", first->key, last->key));
      } else if (c.role == Role::kEmail) {
        c.args.SetText("template", fmt::format("{{{}|mailbox}}.{{{}|mailbox}}{{1..99}}@"
                                               "{{company_words.word|mailbox}}.example",
                                               first->key, last->key));
      } else if (c.role == Role::kUserName) {
        c.args.SetText("template", fmt::format("{{{}|initial|mailbox}}{{{}|mailbox}}{{1..999}}",
                                               first->key, last->key));
      } else {
        continue;
      }
      c.why += ", of the name";
    }
  }

  static bool Says(const std::vector<std::string>& words, std::string_view any) {
    for (const std::string& word : words)
      if (MatchWords(std::vector<std::string>{word}, any) > 0) return true;
    return false;
  }

  // The column that is before `end` as names go: start for end, created for updated.
  const ColumnPlan* BeginOf(const ColumnPlan& end) const {
    const auto words = HeadWords(end.column->name.text);
    const bool life = Says(words,
                           "updated|update|modified|modify|changed|change|login|seen|"
                           "activity|access|deleted|archived|lastmodified");
    const ColumnPlan* best = nullptr;
    int most = -1;
    for (const ColumnPlan& c : plan_.columns) {
      if (c.role != Role::kBegin || !Free(c) || !May(end, c)) continue;
      // A day may be compared with days only.
      if (end.args.kind() == "date" && c.args.kind() != "date") continue;
      if (c.args.kind() != "date" && c.args.kind() != "timestamp") continue;
      const auto theirs = HeadWords(c.column->name.text);
      const bool created = Says(theirs,
                                "created|create|creation|createdat|inserted|registered|"
                                "added|joined|createddate|createdon");
      int points = life == created ? 2 : 1;
      if (theirs.size() == words.size() && theirs.front() == words.front()) points += 1;
      if (points > most) most = points, best = &c;
    }
    return best;
  }

  void Times() {
    for (ColumnPlan& c : plan_.columns) {
      if (c.role != Role::kEnd || !Free(c)) continue;
      if (c.args.kind() != "date" && c.args.kind() != "timestamp") continue;
      const ColumnPlan* begin = BeginOf(c);
      if (!begin || !c.args.Find("to") || !begin->args.Find("to")) continue;
      // Bounds that checks set may leave no room between the two.
      if (*c.args.Find("to") != *begin->args.Find("to")) continue;
      c.args.SetText("not_before", begin->key);
      c.why += fmt::format(", not before {}", begin->key);
    }
  }

  TablePlan& plan_;
  std::vector<ddl::Problem>& problems_;
  std::set<std::string> taken_;
};

}  // namespace

void MakeAgree(TablePlan* plan, std::vector<ddl::Problem>* problems) {
  Agreement(plan, problems).Run();
}

}  // namespace synthmill::schema
