#include "run/resources.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

namespace synthmill::run {

namespace {

std::string FirstLine(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

std::optional<double> Number(const std::string& text) {
  std::istringstream in(text);
  double value;
  if (in >> value) return value;
  return std::nullopt;
}

// Limits hold for all groups below: the least from the process's group up to the root counts.
template <typename T>
void Least(std::optional<T>* least, T value) {
  if (!*least || value < **least) *least = value;
}

void ReadGroup(const std::string& folder, MachineLimits* limits) {
  std::istringstream max(FirstLine(folder + "/cpu.max"));  // "200000 100000" or "max 100000"
  double quota, period;
  if (max >> quota >> period && period > 0) Least(&limits->cpu_quota, quota / period);
  if (auto bytes = Number(FirstLine(folder + "/memory.max"))) {
    Least(&limits->memory_limit, static_cast<uint64_t>(*bytes));
  }
}

}  // namespace

int MachineLimits::threads() const {
  double cpus = cpus_allowed;
  if (cpu_quota) cpus = std::min(cpus, std::ceil(*cpu_quota));
  return std::max(1, static_cast<int>(cpus));
}

MachineLimits ReadLimits(const std::string& root) {
  MachineLimits limits;
  limits.cpus_online = static_cast<int>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
  limits.cpus_allowed = limits.cpus_online;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) limits.cpus_allowed = CPU_COUNT(&set);
  limits.memory_total =
      static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));

  const std::string mount = root + "/sys/fs/cgroup";
  std::ifstream groups(root + "/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (!line.starts_with("0::")) continue;  // cgroup v2
    std::string path = line.substr(3);
    while (true) {
      ReadGroup(mount + path, &limits);
      const size_t slash = path.rfind('/');
      if (slash == std::string::npos || path == "/") break;
      path = slash == 0 ? "/" : path.substr(0, slash);
    }
  }
  // cgroup v1, as inside older containers.
  const auto quota = Number(FirstLine(mount + "/cpu/cpu.cfs_quota_us"));
  const auto period = Number(FirstLine(mount + "/cpu/cpu.cfs_period_us"));
  if (quota && period && *quota > 0 && *period > 0) Least(&limits.cpu_quota, *quota / *period);
  if (const auto bytes = Number(FirstLine(mount + "/memory/memory.limit_in_bytes"));
      bytes && *bytes < static_cast<double>(limits.memory_total)) {
    Least(&limits.memory_limit, static_cast<uint64_t>(*bytes));
  }
  return limits;
}

std::string ProcessName() {
  char host[256] = "this machine";
  gethostname(host, sizeof host - 1);
  return "pid " + std::to_string(getpid()) + " on " + host;
}

}  // namespace synthmill::run
