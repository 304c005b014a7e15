#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "plan/plan.h"

namespace synthmill::plan {

std::string Grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (int i = static_cast<int>(text.size()) - 3; i > 0; i -= 3) text.insert(i, ",");
  return text;
}

std::string HumanBytes(uint64_t bytes) {
  static constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  // 999.95 would print as 1000.0.
  while (value >= 999.95 && unit + 1 < std::size(kUnits)) {
    value /= 1000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string RenderText(const Plan& plan, const PlanContext& context) {
  struct Line {
    std::string name, rows, bytes, parts, per;
  };
  std::vector<Line> lines = {{"table", "rows", "bytes", "parts", ""}};
  const auto bytes_text = [](uint64_t bytes) { return bytes ? "~" + HumanBytes(bytes) : "?"; };
  for (const PlannedTable& t : plan.tables()) {
    lines.push_back({t.name, (t.rows_exact ? "" : "~") + Grouped(t.rows), bytes_text(t.bytes),
                     Grouped(t.parts), t.per.empty() ? "" : "  " + t.per});
  }
  if (plan.tables().size() > 1) {
    lines.push_back({"total", (plan.rows_exact() ? "" : "~") + Grouped(plan.rows()),
                     bytes_text(plan.bytes()), Grouped(plan.tasks()), ""});
  }
  size_t w[4] = {};
  for (const Line& l : lines) {
    w[0] = std::max(w[0], l.name.size());
    w[1] = std::max(w[1], l.rows.size());
    w[2] = std::max(w[2], l.bytes.size());
    w[3] = std::max(w[3], l.parts.size());
  }
  std::string out = fmt::format("plan: {}, seed {}, as of {}, noise {}\n", context.dataset,
                                context.seed, context.as_of, context.noise);
  for (const Line& l : lines) {
    out += fmt::format("  {:<{}}  {:>{}}  {:>{}}  {:>{}}{}\n", l.name, w[0], l.rows, w[1], l.bytes,
                       w[2], l.parts, w[3], l.per);
  }
  if (!context.uri.empty()) {
    out += fmt::format("  to {} ({}{}{}), {} thread{}\n", context.uri, context.format,
                       context.compression.empty() ? "" : ", ", context.compression,
                       context.threads, context.threads == 1 ? "" : "s");
    out += fmt::format("  {}: {}\n", context.destination, context.guarantee);
  } else {
    out += fmt::format("  as {}{}{}; nothing is written without --to\n", context.format,
                       context.compression.empty() ? "" : ", ", context.compression);
  }
  if (!plan.slices().empty()) {
    uint64_t wanted = 0;
    for (const PlannedSlice& s : plan.slices()) wanted += s.wanted;
    out += fmt::format("  slices: {} of {} rows in the file\n", Grouped(plan.slices().size()),
                       Grouped(wanted));
  }
  for (const PlannedTable& t : plan.tables()) {
    if (t.partition_by.empty()) continue;
    out += fmt::format("  {} in folders by {}\n", t.name, fmt::join(t.partition_by, ", "));
  }
  for (const std::string& note : plan.notes()) out += "  note: " + note + "\n";
  return out;
}

std::string RenderJson(const Plan& plan, const PlanContext& context) {
  using nlohmann::ordered_json;
  ordered_json doc;
  doc["version"] = 1;
  doc["dataset"] = context.dataset;
  doc["seed"] = context.seed;
  doc["as_of"] = context.as_of;
  doc["noise"] = context.noise;
  doc["rows"] = plan.rows();
  doc["rows_exact"] = plan.rows_exact();
  doc["bytes_estimate"] = plan.bytes();
  doc["parts"] = plan.tasks();
  doc["tables"] = ordered_json::array();
  for (const PlannedTable& t : plan.tables()) {
    doc["tables"].push_back({{"table", t.name},
                             {"key", t.key},
                             {"truth", t.truth},
                             {"rows", t.rows},
                             {"rows_exact", t.rows_exact},
                             {"bytes_estimate", t.bytes},
                             {"parts", t.parts},
                             {"root", plan.roots()[t.root].key}});
    if (!t.per.empty()) doc["tables"].back()["per"] = t.per;
    if (!t.partition_by.empty()) doc["tables"].back()["partition_by"] = t.partition_by;
  }
  doc["roots"] = ordered_json::array();
  for (const PlannedRoot& r : plan.roots()) {
    doc["roots"].push_back({{"root", r.key},
                            {"begin", r.begin},
                            {"end", r.end},
                            {"blocks", r.blocks},
                            {"parts", r.parts}});
  }
  if (!plan.slices().empty()) {
    doc["slices"] = ordered_json::array();
    for (const PlannedSlice& s : plan.slices()) {
      doc["slices"].push_back({{"table", s.table},
                               {"slice", s.slice},
                               {"part", s.part},
                               {"wanted", s.wanted},
                               {"rows", s.rows}});
    }
  }
  if (context.uri.empty()) {
    doc["destination"] = nullptr;
  } else {
    doc["destination"] = {{"uri", context.uri},
                          {"kind", context.destination},
                          {"guarantee", context.guarantee},
                          {"write_mode", context.write_mode}};
  }
  doc["format"] = context.format;
  doc["compression"] = context.compression;
  doc["threads"] = context.threads;
  doc["run_hash"] = context.run_hash;
  doc["notes"] = plan.notes();
  return doc.dump(2);
}

}  // namespace synthmill::plan
