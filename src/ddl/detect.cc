#include <algorithm>
#include <array>
#include <unordered_map>

#include "ddl/dialect.h"

namespace synthmill::ddl {
namespace {

constexpr size_t kDialects = 11;
constexpr size_t kWordMax = 32;
constexpr int kAgainst = 12;         // for quotes a dialect does not know
constexpr int kPriorWeight = 6;      // of the file, for one of its statements
constexpr int kFileNameWeight = 60;  // of its name in the file's name
constexpr int kHeadWeight = 10;      // of its name in the first lines
using Scores = std::array<int, kDialects>;

struct Vote {
  Dialect dialect;
  std::string_view next;
  int weight;
};

using Votes = std::unordered_map<std::string_view, std::vector<Vote>>;

const Votes& VotesByWord() {
  static const Votes* const votes = [] {
    auto* all = new Votes;
    for (const DialectEntry* entry : Dialects())
      for (const Evidence& evidence : entry->evidence)
        (*all)[evidence.word].push_back({entry->dialect, evidence.next, evidence.weight});
    return all;
  }();
  return *votes;
}

// "(MAX", "(38": the parenthesis and what is in it; "'": any text in quotes.
bool NextMatches(std::string_view wanted, const Token& next, const Token& after) {
  if (wanted.empty()) return true;
  if (wanted == "'") return next.kind == TokenKind::kString || next.kind == TokenKind::kDouble;
  if (wanted.size() > 1 && wanted[0] == '(')
    return next.Is('(') && EqualsIgnoreCase(after.text, wanted.substr(1));
  return EqualsIgnoreCase(next.text, wanted);
}

void Count(std::span<const Token> tokens, Scores* scores) {
  const Votes& votes = VotesByWord();
  const Token none;
  // A word said a hundred times is no more than one said three times.
  std::unordered_map<const Vote*, int> said;
  bool backquote = false, bracket = false;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind == TokenKind::kName) {
      (token.text[0] == '[' ? bracket : backquote) = true;
      // [int] is a type word in brackets.
    }
    if (token.kind != TokenKind::kWord && token.kind != TokenKind::kPunct &&
        !(token.kind == TokenKind::kName && token.text[0] == '['))
      continue;
    std::string_view text = token.text;
    if (token.kind == TokenKind::kName) text = text.substr(1, text.size() - 2);
    if (text.size() > kWordMax) continue;
    std::array<char, kWordMax> upper;
    for (size_t c = 0; c < text.size(); ++c) upper[c] = UpperAscii(text[c]);
    const auto found = votes.find(std::string_view(upper.data(), text.size()));
    if (found == votes.end()) continue;
    const Token& next = i + 1 < tokens.size() ? tokens[i + 1] : none;
    const Token& after = i + 2 < tokens.size() ? tokens[i + 2] : none;
    // A column may have such a name.
    const bool names_column = i > 0 && (tokens[i - 1].Is('(') || tokens[i - 1].Is(',') ||
                                        tokens[i - 1].Is('.') || tokens[i - 1].IsWord("TABLE"));
    for (const Vote& vote : found->second) {
      if (names_column && vote.next.empty()) continue;
      if (!NextMatches(vote.next, next, after)) continue;
      if (said[&vote]++ < 2) (*scores)[static_cast<size_t>(vote.dialect)] += vote.weight;
    }
  }
  for (const DialectEntry* entry : Dialects()) {
    int& score = (*scores)[static_cast<size_t>(entry->dialect)];
    if (backquote) score += entry->backquote_weight;
    if (bracket) score += entry->bracket_weight;
    // Names in quotes it does not know speak against it.
    if (backquote && entry->backquote_weight == 0) score -= kAgainst;
    if (bracket && entry->bracket_weight == 0) score -= kAgainst;
  }
}

Dialect Best(const Scores& scores, Dialect prior, bool* certain) {
  Scores with_prior = scores;
  if (prior != Dialect::kAnsi) with_prior[static_cast<size_t>(prior)] += kPriorWeight;
  size_t best = static_cast<size_t>(prior);
  for (size_t i = 0; i < kDialects; ++i)
    if (with_prior[i] > with_prior[best]) best = i;
  if (certain != nullptr) *certain = scores[best] > 0;
  return static_cast<Dialect>(best);
}

}  // namespace

Dialect DetectDialect(std::span<const Token> tokens, Dialect prior, bool* certain) {
  Scores scores{};
  Count(tokens, &scores);
  return Best(scores, prior, certain);
}

Dialect DetectFileDialect(std::string_view text, std::string_view file) {
  constexpr size_t kSamples = 24, kSampleTokens = 400, kSampleBytes = 6000;
  Scores total{};
  size_t pos = 0;
  std::vector<Token> tokens;
  for (size_t sample = 0; sample < kSamples && pos < text.size(); ++sample) {
    // The next "create … table", in any case.
    for (;; ++pos) {
      pos = text.find_first_of("cC", pos);
      if (pos == std::string_view::npos) break;
      if (!EqualsIgnoreCase(text.substr(pos, 7), "create ")) continue;
      const std::string_view head = text.substr(pos, 60);
      if (Lower(head).find("table") != std::string::npos) break;
    }
    if (pos == std::string_view::npos) break;
    Lexer lexer(text.substr(pos, kSampleBytes));
    lexer.rules().hash_comment = false;
    tokens.clear();
    while (tokens.size() < kSampleTokens) {
      tokens.push_back(lexer.Next());
      if (tokens.back().kind == TokenKind::kEnd || tokens.back().Is(';')) break;
    }
    Scores scores{};
    Count(tokens, &scores);
    for (size_t i = 0; i < kDialects; ++i) total[i] += std::clamp(scores[i], -kAgainst, 12);
    pos += std::max<size_t>(lexer.pos(), 7);
  }
  // People name files by the dialect, or say it in the first lines.
  const std::string name = Lower(file.substr(file.find_last_of("/\\") + 1));
  const std::string head_lines = Lower(text.substr(0, 300));
  for (const DialectEntry* entry : Dialects()) {
    if (entry->dialect == Dialect::kAnsi) continue;
    const auto said = [&](const std::string& where) {
      bool found = where.find(entry->name) != std::string::npos;
      for (const std::string_view alias : entry->aliases)
        found = found || (alias.size() > 3 && where.find(alias) != std::string::npos);
      return found;
    };
    int& score = total[static_cast<size_t>(entry->dialect)];
    if (said(name)) score += kFileNameWeight;
    if (said(head_lines)) score += kHeadWeight;
  }
  // What stands outside of statements. Only the start is looked at.
  const std::string_view head = text.substr(0, 20000);
  const auto add = [&](std::string_view mark, Dialect dialect, int weight) {
    if (head.find(mark) != std::string_view::npos) total[static_cast<size_t>(dialect)] += weight;
  };
  add("/*!40", Dialect::kMySql, 12);
  add("\nGO\n", Dialect::kSqlServer, 8);
  add("\nGO\r\n", Dialect::kSqlServer, 8);
  add("\ngo\n", Dialect::kSqlServer, 6);
  add("phpMyAdmin", Dialect::kMySql, 8);
  add("PostgreSQL database dump", Dialect::kPostgres, 12);
  add("SET search_path", Dialect::kPostgres, 6);
  add("PRAGMA ", Dialect::kSqlite, 6);
  add("\n/\n", Dialect::kOracle, 4);
  add("--#SET TERMINATOR", Dialect::kDb2, 10);
  Dialect best = Best(total, Dialect::kAnsi, nullptr);
  if (total[static_cast<size_t>(best)] <= 0) best = Dialect::kAnsi;
  return best;
}

}  // namespace synthmill::ddl
