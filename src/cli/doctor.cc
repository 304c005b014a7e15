// synthmill doctor: what this machine offers, and where settings come from.
#include <arrow/config.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/app.h"
#include "cli/generate_flags.h"
#include "cli/progress.h"
#include "cli/settings.h"
#include "io/destinations/destination.h"
#include "io/gcs/client.h"
#include "io/hdfs/library.h"
#include "io/hive/location.h"
#include "io/hive/metastore.h"
#include "io/s3/credentials.h"
#include "plan/plan.h"
#include "run/dataset.h"
#include "run/resources.h"
#include "synthmill/version.h"

namespace synthmill::cli {

namespace {

namespace fs = std::filesystem;

enum class Level { kOk, kNote, kBad };

struct Finding {
  Level level;
  std::string check;
  std::string found;
};

// The nearest folder above a path that exists: where the path would be made.
fs::path ExistingParent(fs::path path) {
  std::error_code ec;
  path = fs::absolute(path, ec);
  while (!fs::exists(path, ec) && path.has_parent_path() && path != path.parent_path()) {
    path = path.parent_path();
  }
  return path;
}

Finding CheckFolder(const std::string& what, const fs::path& path) {
  const fs::path there = ExistingParent(path);
  std::error_code ec;
  if (!fs::is_directory(there, ec)) {
    return {Level::kBad, what, there.string() + " is not a folder"};
  }
  if (::access(there.c_str(), W_OK | X_OK) != 0) {
    return {Level::kBad, what, there.string() + " is not writable"};
  }
  struct statvfs info;
  if (::statvfs(there.c_str(), &info) != 0) {
    return {Level::kBad, what, "cannot tell the free space of " + there.string()};
  }
  const uint64_t free = static_cast<uint64_t>(info.f_bavail) * info.f_frsize;
  return {free < 1'000'000'000 ? Level::kNote : Level::kOk, what,
          fmt::format("{} writable, {} free", there.string(), plan::HumanBytes(free))};
}

void CheckMachine(std::vector<Finding>* out) {
  const run::MachineLimits limits = run::ReadLimits();
  out->push_back(
      {Level::kOk, "CPUs",
       fmt::format(
           "{} online, {} allowed{}", limits.cpus_online, limits.cpus_allowed,
           limits.cpu_quota ? fmt::format(", cgroup quota {:.1f}", *limits.cpu_quota) : "")});
  out->push_back({Level::kOk, "threads", fmt::format("{} would be used", limits.threads())});
  const uint64_t memory = limits.memory_limit.value_or(limits.memory_total);
  out->push_back(
      {memory < 512'000'000 ? Level::kNote : Level::kOk, "memory",
       fmt::format("{}{}", plan::HumanBytes(limits.memory_total),
                   limits.memory_limit ? ", cgroup limit " + plan::HumanBytes(*limits.memory_limit)
                                       : std::string())});
}

arrow::Status CheckSettings(const CommandLine& line, std::vector<Finding>* out) {
  ARROW_ASSIGN_OR_RAISE(const Settings settings, Settings::Load());
  for (const std::string& path : Settings::Paths()) {
    bool read = false;
    for (const auto& file : settings.files()) read |= file.path == path;
    out->push_back({Level::kOk, "settings", path + (read ? "" : " (not there)")});
  }
  std::vector<Flag> flags = CommonFlags();
  CommandLine common;
  if (line.sources.contains("to") && line.sources.at("to") == "command line") {
    common.flags["to"] = line.Get("to");
    common.sources["to"] = "command line";
  }
  ARROW_RETURN_NOT_OK(settings.Apply(flags, "", &common));
  for (const auto& [flag, value] : common.flags) {
    out->push_back({Level::kOk, "setting",
                    fmt::format("--{} {} (from {})", flag, value, common.sources[flag])});
  }
  return arrow::Status::OK();
}

// A target that is not a folder here: opening it tells whether it is there and lets us in.
Finding CheckService(const std::string& to, const io::DestinationInfo& info,
                     io::DestinationOptions options) {
  options.emplace("as-of", "1970-01-01");  // any day will do: nothing is written
  const arrow::Status opened = info.open(to, options).status();
  if (!opened.ok()) return {Level::kBad, "target", opened.message()};
  return {Level::kOk, "target", to + ": " + info.help};
}

// Where credentials come from, never what they are.
Finding CheckCredentials(std::string_view destination) {
  const auto http = std::make_shared<io::HttpClient>(io::HttpOptions{.retry_seconds = 5});
  const auto tell = [](const auto& found) -> Finding {
    return {found.ok() ? Level::kOk : Level::kBad, "credentials",
            found.ok() ? "from " + found->source : found.status().message()};
  };
  if (destination == "s3") return tell(io::S3CredentialChain(http).Get());
  return tell(io::GoogleAuth(http, "https://www.googleapis.com/auth/devstorage.read_only").Get());
}

// A bucket or an HDFS: is it there, may it be read, does it hold a run?
arrow::Result<std::string> ReachTarget(const CommandLine& line, const std::string& to) {
  ARROW_ASSIGN_OR_RAISE(auto options, DestinationOptionsFrom(line, {to, line.Get("to")}));
  if (!options.contains("retry-seconds")) options["retry-seconds"] = "5";
  ARROW_ASSIGN_OR_RAISE(const auto destination, io::OpenDestination(to, options));
  if (!destination->documents()) return std::string();
  ARROW_ASSIGN_OR_RAISE(const auto manifest, destination->documents()->Read("manifest.json"));
  return to + " answers; " +
         (manifest ? "it holds a finished run" : "no run is finished there yet");
}

// What hdfs: works through. Missing it is no fault unless it is asked for.
Finding CheckHdfs(bool wanted) {
  const io::hdfs::Needs needs = io::hdfs::LookAround();
  if (needs.complete()) {
    return {Level::kOk, "hdfs",
            fmt::format("{}, {}, {}", needs.java.found, needs.library.found, needs.classes.found)};
  }
  return {wanted ? Level::kBad : Level::kNote, "hdfs", io::hdfs::MissingText(needs)};
}

void CheckRemote(const CommandLine& line, const std::string& to, std::string_view destination,
                 std::vector<Finding>* out) {
  if (destination == "hdfs" && !io::hdfs::LookAround().complete()) return;  // said already
  const auto emulator = io::GcsOptions::From({{"gcs-endpoint", line.Get("gcs-endpoint")}});
  if (destination == "s3" || (destination == "gcs" && emulator.ok() && emulator->authenticate)) {
    out->push_back(CheckCredentials(destination));
    if (out->back().level == Level::kBad) return;
  }
  const auto reached = ReachTarget(line, to);
  out->push_back({reached.ok() ? Level::kOk : Level::kBad, "target",
                  reached.ok() ? *reached : reached.status().message()});
}

// A metastore: does it answer, is the database there, can its tables' files be written?
arrow::Status CheckMetastore(const CommandLine& line, const std::string& to,
                             std::vector<Finding>* out) {
  ARROW_ASSIGN_OR_RAISE(const auto uri, io::hive::ParseMetastoreUri(to));
  ARROW_ASSIGN_OR_RAISE(const auto metastore, io::hive::Metastore::Connect(uri.host, uri.port));
  ARROW_ASSIGN_OR_RAISE(const auto databases, metastore->ListDatabases());
  out->push_back({Level::kOk, "metastore",
                  fmt::format("{}:{} answers; {} database{}", uri.host, uri.port, databases.size(),
                              databases.size() == 1 ? "" : "s")});
  ARROW_ASSIGN_OR_RAISE(const auto database, metastore->GetDatabase(uri.database));
  io::hive::HiveLocation location;
  if (line.Has("location")) {
    ARROW_ASSIGN_OR_RAISE(location, io::hive::GivenLocation(line.Get("location")));
  }
  if (database) {
    ARROW_ASSIGN_OR_RAISE(const auto tables, metastore->ListTables(uri.database));
    out->push_back({Level::kOk, "database",
                    fmt::format("{} has {} table{}, at {}", uri.database, tables.size(),
                                tables.size() == 1 ? "" : "s", database->location)});
    if (location.reached.empty()) {
      ARROW_ASSIGN_OR_RAISE(location,
                            io::hive::DatabaseLocation(database->location, uri.database, uri.host));
    }
  } else {
    out->push_back(
        {location.reached.empty() ? Level::kBad : Level::kNote, "database",
         fmt::format("{} is not there; {}", uri.database,
                     location.reached.empty() ? "--location URI makes it" : "a run makes it")});
    if (location.reached.empty()) return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(const auto* info, io::FindDestination(location.reached));
  if (const std::string_view name = info->name; name == "s3" || name == "gcs" || name == "hdfs") {
    if (name == "hdfs") out->push_back(CheckHdfs(true));
    CheckRemote(line, location.reached, name, out);
  } else if (name == "local") {
    out->push_back(CheckFolder("location", location.reached));
  } else {
    ARROW_ASSIGN_OR_RAISE(auto options, DestinationOptionsFrom(line, {to, location.reached}));
    out->push_back(CheckService(location.reached, *info, std::move(options)));
  }
  return arrow::Status::OK();
}

arrow::Result<std::vector<Flag>> DoctorFlags(const std::vector<std::string>&) {
  std::vector<Flag> flags = {
      {"to", "URI", "check this target too"},
      {"json", "", "print the findings as JSON", "", {}, "Options", false, false}};
  for (Flag& flag : DestinationFlags()) flags.push_back(std::move(flag));
  return flags;
}

arrow::Result<int> RunDoctor(const CommandLine& line) {
  std::vector<Finding> findings = {
      {Level::kOk, "synthmill",
       fmt::format("{}, generator version {}", SYNTHMILL_VERSION, SYNTHMILL_GENERATOR_VERSION)},
      {Level::kOk, "Arrow", ARROW_VERSION_STRING}};
  CheckMachine(&findings);
  findings.push_back(CheckHdfs(line.Get("to").starts_with("hdfs:")));
  std::error_code ec;
  findings.push_back(CheckFolder("temporary folder", fs::temp_directory_path(ec)));
  if (line.Has("to")) {
    const std::string to = line.Get("to");
    auto info = io::FindDestination(to);
    if (!info.ok()) {
      findings.push_back({Level::kBad, "target", info.status().message()});
    } else if (const std::string_view name = (*info)->name;
               name == "s3" || name == "gcs" || name == "hdfs") {
      CheckRemote(line, to, name, &findings);
    } else if (name == "hive") {
      const arrow::Status status = CheckMetastore(line, to, &findings);
      if (!status.ok()) findings.push_back({Level::kBad, "metastore", status.message()});
    } else if ((*info)->one_stream || !(*info)->matches("x")) {
      ARROW_ASSIGN_OR_RAISE(auto options, DestinationOptionsFrom(line, {to, line.Get("location")}));
      findings.push_back(CheckService(to, **info, std::move(options)));
    } else {  // takes plain paths
      std::string path = to.starts_with("file:") ? to.substr(5) : to;
      if (path.starts_with("//")) path = path.substr(2);
      findings.push_back(CheckFolder("target", path));
    }
  }
  std::string datasets;
  bool all_read = true;
  for (const std::string& name : run::BuiltInDatasets()) {
    const bool read = run::LoadDataset(name).ok();
    all_read &= read;
    datasets += (datasets.empty() ? "" : ", ") + name + (read ? "" : " (cannot be read)");
  }
  findings.push_back({datasets.empty() || !all_read ? Level::kBad : Level::kOk, "datasets",
                      datasets.empty() ? "none is built in" : datasets});
  findings.push_back({Level::kOk, "terminal",
                      IsTerminal() ? (UseColor() ? "yes, with colour" : "yes, without colour")
                                   : "no: plain lines"});
  const arrow::Status settings = CheckSettings(line, &findings);
  if (!settings.ok()) findings.push_back({Level::kBad, "settings", settings.message()});

  constexpr const char* kLevels[] = {"ok", "note", "bad"};
  bool bad = false;
  auto doc = nlohmann::ordered_json::array();
  for (const Finding& f : findings) {
    const char* level = kLevels[static_cast<int>(f.level)];
    bad |= f.level == Level::kBad;
    doc.push_back({{"check", f.check}, {"level", level}, {"found", f.found}});
    if (!line.On("json")) {
      // Further lines begin under the first.
      std::string found = f.found;
      for (size_t at = 0; (at = found.find('\n', at)) != std::string::npos; at += 25) {
        found.insert(at + 1, 24, ' ');
      }
      fmt::print("{:<5} {:<17} {}\n", level, f.check, found);
    }
  }
  if (line.On("json")) {
    nlohmann::ordered_json all = {{"version", 1}, {"ok", !bad}, {"findings", doc}};
    fmt::print("{}\n", all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  }
  return bad ? kCheckFailed : kDone;
}

}  // namespace

extern const Command kDoctorCommand;
const Command kDoctorCommand = {
    .name = "doctor",
    .help = "check this machine, and tell where settings come from",
    .synopsis = "[--to URI]",
    .examples = "  synthmill doctor\n  synthmill doctor --to data/DATASET\n",
    .flags = DoctorFlags,
    .run = RunDoctor,
    .more_help = nullptr,
};

}  // namespace synthmill::cli
