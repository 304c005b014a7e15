#include <algorithm>
#include <array>
#include <unordered_map>

#include "ddl/dialect.h"

namespace synthmill::ddl {
namespace {

constexpr size_t kDialects = 11;
constexpr size_t kWordMax = 32;
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

// "(MAX", "(38": the parenthesis and what is in it.
bool NextMatches(std::string_view wanted, const Token& next, const Token& after) {
  if (wanted.empty()) return true;
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
    for (const Vote& vote : found->second) {
      if (!NextMatches(vote.next, next, after)) continue;
      if (said[&vote]++ < 2) (*scores)[static_cast<size_t>(vote.dialect)] += vote.weight;
    }
  }
  for (const DialectEntry* entry : Dialects()) {
    int& score = (*scores)[static_cast<size_t>(entry->dialect)];
    if (backquote) score += entry->backquote_weight;
    if (bracket) score += entry->bracket_weight;
  }
}

Dialect Best(const Scores& scores, Dialect prior, bool* certain) {
  Scores with_prior = scores;
  with_prior[static_cast<size_t>(prior)] += 2;
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

Dialect DetectFileDialect(std::string_view text) {
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
    for (size_t i = 0; i < kDialects; ++i) total[i] += std::min(scores[i], 12);
    pos += std::max<size_t>(lexer.pos(), 7);
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
  if (total[static_cast<size_t>(best)] == 0) best = Dialect::kAnsi;
  return best;
}

}  // namespace synthmill::ddl
