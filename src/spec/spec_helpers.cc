// What all sections of the reader use: typed access to the nodes of a file.
#include <algorithm>
#include <limits>
#include <utility>

#include "core/text.h"
#include "spec/evaluate.h"
#include "spec/spec_reader.h"

namespace synthmill::spec {

namespace {

// Bytes that column sets and `use:` may multiply a file to.
constexpr int64_t kMaxCopied = 64 << 20;

std::string_view KindName(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return "empty";
    case Node::Kind::kScalar:
      return "a single value";
    case Node::Kind::kSequence:
      return "a list";
    case Node::Kind::kMap:
      return "a map";
  }
  return "";
}

}  // namespace

std::string Quoted(std::string_view word) {
  constexpr size_t kShown = 80;
  if (word.size() <= kShown) return "'" + std::string(word) + "'";
  // Cut between characters.
  const std::string_view shown = word.substr(0, kShown);
  return "'" + std::string(shown.substr(0, core::ValidUtf8Prefix(shown))) + "...'";
}

bool SpecReader::IsMap(const Node& node, const std::string& what, std::string_view example) {
  if (node.is_map()) return true;
  Error(node.at, what + " must be a map, not " + std::string(KindName(node)),
        example.empty() ? "" : "such as: " + std::string(example));
  return false;
}

bool SpecReader::IsList(const Node& node, const std::string& what, std::string_view example) {
  if (node.is_sequence()) return true;
  Error(node.at, what + " must be a list, not " + std::string(KindName(node)),
        example.empty() ? "" : "such as: " + std::string(example));
  return false;
}

void SpecReader::CheckKeys(const Node& map, const std::string& what,
                           std::initializer_list<std::string_view> known) {
  const std::vector<std::string> candidates(known.begin(), known.end());
  for (const Node::Entry& entry : map.entries) {
    if (Contains(candidates, entry.key)) continue;
    Error(entry.at, what + " has no " + Quoted(entry.key), Suggest(entry.key, candidates));
  }
}

void SpecReader::Missing(const Node& map, std::string_view key, const std::string& what,
                         std::string_view example) {
  Error(map.at, what + " needs '" + std::string(key) + "'",
        "such as: " + std::string(key) + ": " + std::string(example));
}

std::string SpecReader::Text(const Node& map, std::string_view key, const std::string& what) {
  const Node* node = map.Find(key);
  if (node == nullptr) return "";
  if (node->is_scalar()) return node->text;
  Error(node->at,
        what + ": '" + std::string(key) + "' must be a text, not " + std::string(KindName(*node)));
  return "";
}

std::string SpecReader::Template(const Node& node, const std::string& what) {
  if (!node.is_scalar()) {
    Error(node.at, what + " must be a text, not " + std::string(KindName(node)));
    return "";
  }
  const auto pieces = SplitPlaces(node.text);
  if (!pieces.ok()) {
    Error(node.at, what + ": " + pieces.status().message());
    return "";
  }
  for (const TextPiece& piece : *pieces) {
    if (!piece.is_name || Contains(names_, piece.text)) continue;
    Error(Inside(node, piece.offset, diagnostics_), what + ": unknown name " + Quoted(piece.text),
          Suggest(piece.text, names_));
  }
  return node.text;
}

bool SpecReader::Flag(const Node& map, std::string_view key, const std::string& what) {
  const Node* node = map.Find(key);
  if (node == nullptr) return false;
  if (node->is_scalar() && !node->quoted && (node->text == "true" || node->text == "false")) {
    return node->text == "true";
  }
  Error(node->at, what + ": '" + std::string(key) + "' must be true or false");
  return false;
}

LocatedExpr SpecReader::Expression(const Node& map, std::string_view key, const std::string& what) {
  const Node* node = map.Find(key);
  if (node == nullptr) return {};
  return ReadExpr(*node, what + ": '" + std::string(key) + "'", names_, &diagnostics_);
}

LocatedExpr SpecReader::ShareExpression(const Node& map, std::string_view key,
                                        const std::string& what) {
  LocatedExpr expr = Expression(map, key, what);
  if (expr.given() && expr.expr->names().empty()) {
    EvaluateShare(expr, what + ": '" + std::string(key) + "'", {}, &diagnostics_, 0);
  }
  return expr;
}

LocatedExpr SpecReader::IntExpression(const Node& map, std::string_view key,
                                      const std::string& what, int64_t min) {
  LocatedExpr expr = Expression(map, key, what);
  if (!expr.given() || !expr.expr->names().empty()) return expr;
  const std::string name = what + ": '" + std::string(key) + "'";
  const int64_t value = EvaluateInt(expr, name, {}, &diagnostics_, min);
  if (value < min) {
    Error(expr.at, name + " must be at least " + std::to_string(min) + " (got " +
                       std::to_string(value) + ")");
  }
  return expr;
}

std::vector<std::string> SpecReader::TextList(const Node& map, std::string_view key,
                                              const std::string& what, std::vector<Location>* at) {
  const Node* node = map.Find(key);
  std::vector<std::string> out;
  if (node == nullptr) return out;
  const auto take = [&](const Node& item) {
    if (!item.is_scalar()) {
      Error(item.at,
            what + ": '" + std::string(key) + "' takes texts, not " + std::string(KindName(item)));
      return;
    }
    out.push_back(item.text);
    if (at != nullptr) at->push_back(item.at);
  };
  if (node->is_scalar()) {
    take(*node);
  } else if (IsList(*node, what + ": '" + std::string(key) + "'", "[a, b]")) {
    for (const Node& item : node->items) take(item);
  }
  return out;
}

void SpecReader::CheckName(std::string_view name, Location at, std::string_view what, bool lower) {
  constexpr size_t kMaxName = 200;
  if ((lower ? core::IsLowerName(name) : core::IsName(name)) && name.size() <= kMaxName) return;
  Error(at, Quoted(name) + " cannot be the name of " + std::string(what),
        lower ? "names are lower-case letters, digits and _, a letter first"
              : "names are letters, digits and _, no digit first");
}

void SpecReader::Unknown(std::string_view kind, std::string_view word, Location at,
                         std::string_view where, std::span<const std::string> candidates) {
  Error(at, std::string(where).append(": there is no ").append(kind) + " " + Quoted(word),
        Suggest(word, candidates));
}

bool SpecReader::Afford(const Node& copied, Location at) {
  if (copied_ > kMaxCopied) return false;
  copied_ += CopyCost(copied) + static_cast<int64_t>(sizeof(Column));
  if (copied_ <= kMaxCopied) return true;
  Error(at, "column sets and `use:` make this file larger than 64 MiB");
  return false;
}

}  // namespace synthmill::spec
