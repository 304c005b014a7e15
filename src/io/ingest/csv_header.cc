#include "io/ingest/csv_header.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace synthmill::io::ingest {
namespace {

void NameColumns(CsvHeader* header) {
  std::vector<std::string> taken;
  for (size_t i = 0; i < header->names.size(); ++i) {
    std::string& name = header->names[i];
    const auto is_taken = [&](const std::string& n) {
      return std::find(taken.begin(), taken.end(), n) != taken.end();
    };
    // Names that stand there are never given to another column.
    const auto is_used = [&](const std::string& n) {
      return is_taken(n) ||
             std::find(header->names.begin(), header->names.end(), n) != header->names.end();
    };
    if (name.empty()) {
      std::string made = fmt::format("column_{}", i + 1);
      while (is_used(made)) made += "_";
      header->notes.push_back(fmt::format("column {} has no name; it is called '{}'", i + 1, made));
      name = made;
    } else if (is_taken(name)) {
      std::string made;
      for (int n = 2; made.empty() || is_used(made); ++n) made = fmt::format("{}_{}", name, n);
      header->notes.push_back(fmt::format("a second column '{}' is called '{}'", name, made));
      name = made;
    }
    taken.push_back(name);
  }
}

}  // namespace

arrow::Result<CsvHeader> ReadCsvHeader(std::string_view text, char delimiter, bool end_of_file) {
  CsvHeader header;
  size_t at = 0;
  while (at < text.size() && (text[at] == '\n' || text[at] == '\r')) ++at;
  std::string name;
  bool quoted = false, any = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    any = true;
    if (quoted) {
      if (c != '"') {
        name += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        name += c;
        ++at;
      } else {
        quoted = false;
      }
    } else if (c == '"' && name.empty()) {
      quoted = true;
    } else if (c == delimiter) {
      header.names.push_back(std::move(name));
      name.clear();
    } else if (c == '\n') {
      break;
    } else {
      name += c;
    }
  }
  header.whole = at < text.size() || (end_of_file && !quoted);
  header.end = std::min(at + 1, text.size());
  if (!any || !header.whole) return header;
  if (name.ends_with('\r')) name.pop_back();
  header.names.push_back(std::move(name));
  for (const std::string& n : header.names) {
    if (core::ValidUtf8Prefix(n) != n.size()) {
      return arrow::Status::Invalid("the header is not UTF-8");
    }
  }
  NameColumns(&header);
  return header;
}

}  // namespace synthmill::io::ingest
