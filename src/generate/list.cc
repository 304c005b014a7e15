#include "generate/list.h"

#include <charconv>
#include <fstream>
#include <sstream>

#include "core/resources.h"
#include "core/text.h"
#include "spec/diagnostics.h"

namespace synthmill::generate {
namespace {

// Splits one CSV record; quotes as in RFC 4180, but a value never spans lines.
bool SplitRecord(std::string_view line, std::vector<std::string>* out) {
  out->clear();
  size_t i = 0;
  for (;;) {
    std::string cell;
    if (i < line.size() && line[i] == '"') {
      for (++i;; ++i) {
        if (i >= line.size()) return false;
        if (line[i] != '"') {
          cell += line[i];
        } else if (i + 1 < line.size() && line[i + 1] == '"') {
          cell += line[++i];
        } else {
          break;
        }
      }
      ++i;
      if (i < line.size() && line[i] != ',') return false;
    } else {
      while (i < line.size() && line[i] != ',') cell += line[i++];
    }
    out->push_back(std::move(cell));
    if (i >= line.size()) return true;
    ++i;
  }
}

}  // namespace

int List::Find(std::string_view column) const {
  for (size_t i = 0; i < columns.size(); ++i)
    if (columns[i] == column) return static_cast<int>(i);
  return -1;
}

arrow::Result<std::shared_ptr<const List>> ParseList(std::string name, std::string_view csv) {
  auto list = std::make_shared<List>();
  list->name = std::move(name);
  std::vector<std::string> header, cells;
  int weight_at = -1;
  int line_number = 0;
  auto fail = [&](const std::string& what) {
    return arrow::Status::Invalid("list '", list->name, "', line ", line_number, ": ", what);
  };
  if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);  // a byte order mark
  while (!csv.empty()) {
    const size_t end = csv.find('\n');
    std::string_view line = csv.substr(0, end);
    csv = end == std::string_view::npos ? std::string_view() : csv.substr(end + 1);
    ++line_number;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || line[0] == '#') continue;
    if (core::ValidUtf8Prefix(line) != line.size()) return fail("the text is not UTF-8");
    if (!SplitRecord(line, &cells)) return fail("a quote is not closed");
    if (header.empty()) {
      header = cells;
      for (size_t i = 0; i < header.size(); ++i) {
        if (header[i] == "weight") {
          weight_at = static_cast<int>(i);
        } else {
          list->columns.push_back(header[i]);
        }
      }
      if (list->columns.empty()) return fail("no column but 'weight'");
      list->values.resize(list->columns.size());
      continue;
    }
    if (cells.size() != header.size())
      return fail(std::to_string(cells.size()) + " values where the header has " +
                  std::to_string(header.size()));
    int64_t weight = 1;
    size_t column = 0;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (static_cast<int>(i) != weight_at) {
        list->values[column++].push_back(std::move(cells[i]));
        continue;
      }
      const char* last = cells[i].data() + cells[i].size();
      auto [p, error] = std::from_chars(cells[i].data(), last, weight);
      if (error != std::errc() || p != last || weight < 1 || weight > (1ll << 40))
        return fail("weight '" + cells[i] + "' is not a whole number from 1 to 2^40");
    }
    list->weights.push_back(weight);
  }
  if (list->weights.empty()) return fail("no values");
  if (list->weights.size() >= (1u << 22)) return fail("more than 4 million values");
  return std::shared_ptr<const List>(list);
}

arrow::Result<std::shared_ptr<const List>> Lists::Find(const std::string& name) {
  auto cached = cache_.find(name);
  if (cached != cache_.end()) return cached->second;
  std::shared_ptr<const List> list;
  if (auto own = own_.find(name); own != own_.end()) {
    std::ifstream in(own->second, std::ios::binary);
    std::stringstream text;
    if (!in || !(text << in.rdbuf()))
      return arrow::Status::IOError("list '", name, "': cannot read ", own->second);
    ARROW_ASSIGN_OR_RAISE(list, ParseList(name, text.str()));
  } else if (const Resource* r = FindResource("lists/" + name + ".csv")) {
    ARROW_ASSIGN_OR_RAISE(list, ParseList(name, r->bytes));
  } else {
    const std::vector<std::string> names = Names();
    return arrow::Status::KeyError("no list '", name, "'; ", spec::Suggest(name, names));
  }
  cache_[name] = list;
  return list;
}

std::vector<std::string> Lists::Names() const {
  std::vector<std::string> names;
  for (const auto& [name, path] : own_) names.push_back(name);
  for (const Resource& r : Resources())
    if (r.name.starts_with("lists/") && r.name.ends_with(".csv"))
      names.emplace_back(r.name.substr(6, r.name.size() - 10));
  return names;
}

}  // namespace synthmill::generate
