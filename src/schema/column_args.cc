#include <algorithm>

#include "schema/names.h"
#include "schema/table_plan.h"

namespace synthmill::schema {

void ColumnArgs::Set(std::string key, std::string yaml) {
  for (auto& [k, value] : args_) {
    if (k != key) continue;
    value = std::move(yaml);
    return;
  }
  args_.emplace_back(std::move(key), std::move(yaml));
}

void ColumnArgs::SetText(std::string key, std::string_view text) {
  Set(std::move(key), YamlText(text));
}

const std::string* ColumnArgs::Find(std::string_view key) const {
  for (const auto& [k, value] : args_)
    if (k == key) return &value;
  return nullptr;
}

void ColumnArgs::Remove(std::string_view key) {
  std::erase_if(args_, [&](const auto& arg) { return arg.first == key; });
}

std::string ColumnArgs::kind() const {
  const std::string* kind = Find("kind");
  return kind ? *kind : "";
}

std::string ColumnArgs::Render() const {
  std::string out = "{";
  for (const auto& [key, value] : args_) {
    if (out.size() > 1) out += ", ";
    out += key + ": " + value;
  }
  return out + "}";
}

ColumnArgs ColumnArgs::FromRule(std::string_view text) {
  ColumnArgs args;
  while (!text.empty()) {
    const size_t colon = text.find(": ");
    const std::string_view key = text.substr(0, colon);
    text.remove_prefix(colon + 2);
    // A value ends at a comma outside of quotes.
    size_t end = 0;
    bool quoted = false;
    for (; end < text.size() && (quoted || text[end] != ','); ++end) quoted ^= text[end] == '"';
    args.Set(std::string(key), std::string(text.substr(0, end)));
    text.remove_prefix(std::min(text.size(), end + 2));
  }
  return args;
}

}  // namespace synthmill::schema
