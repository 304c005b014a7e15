#include "ddl/check_patterns.h"

namespace synthmill::ddl {
namespace {

void AddLiteral(char c, std::string* out) {
  if (std::string_view("\\.^$|()*+?{}[]").find(c) != std::string_view::npos) out->push_back('\\');
  out->push_back(c);
}

std::optional<std::string> FromWildcards(std::string_view text, char any, char one, bool classes,
                                         bool escapes) {
  std::string out = "^";
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == any) {
      out += ".*";
    } else if (c == one) {
      out += ".";
    } else if (classes && c == '[') {
      const size_t end = text.find(']', i + 1);
      if (end == text.npos) return std::nullopt;
      out += text.substr(i, end - i + 1);
      i = end;
    } else if (escapes && c == '\\' && i + 1 < text.size()) {
      AddLiteral(text[++i], &out);
    } else {
      AddLiteral(c, &out);
    }
  }
  return out + "$";
}

}  // namespace

std::optional<std::string> RegexOfLike(std::string_view like, bool classes) {
  return FromWildcards(like, '%', '_', classes, !classes);
}

std::optional<std::string> RegexOfGlob(std::string_view glob) {
  return FromWildcards(glob, '*', '?', true, false);
}

std::string RegexOfSimilar(std::string_view similar) {
  std::string out = "^";
  bool in_class = false;
  for (size_t i = 0; i < similar.size(); ++i) {
    const char c = similar[i];
    in_class = c == '[' || (in_class && c != ']');
    if (c == '\\' && i + 1 < similar.size()) {
      AddLiteral(similar[++i], &out);
    } else if (c == '%' && !in_class) {
      out += ".*";
    } else if (c == '_' && !in_class) {
      out += ".";
    } else if (c == '.' || c == '^' || c == '$') {
      AddLiteral(c, &out);
    } else {
      out.push_back(c);
    }
  }
  return out + "$";
}

bool JoinPatterns(std::vector<Rule> rules, Rule* out) {
  std::string all;
  for (const Rule& rule : rules) {
    if (rule.column != rules[0].column || rule.narrowed) return false;
    if (rule.kind == Rule::Kind::kIn && rule.quoted) {
      for (const std::string& value : rule.values) {
        all += all.empty() ? "" : "|";
        for (const char c : value) AddLiteral(c, &all);
      }
    } else if (rule.kind == Rule::Kind::kPattern) {
      std::string regex = rule.values[0];
      if (rule.op == "like") {
        const auto made = RegexOfLike(regex, false);
        if (!made) return false;
        regex = *made;
      }
      // What matches as a whole matches as a part, too.
      if (regex.starts_with('^')) regex.erase(0, 1);
      if (regex.ends_with('$') && !regex.ends_with("\\$")) regex.pop_back();
      all += (all.empty() ? "(" : "|(") + regex + ")";
    } else {
      return false;
    }
  }
  *out = Rule();
  out->kind = Rule::Kind::kPattern;
  out->column = rules[0].column;
  out->op = "regex";
  out->quoted = true;
  out->values.push_back("^(" + all + ")$");
  return true;
}

}  // namespace synthmill::ddl
