// What this process may use: CPUs and memory, as its cgroup and affinity allow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace synthmill::run {

struct MachineLimits {
  int cpus_online = 1;
  int cpus_allowed = 1;             // affinity
  std::optional<double> cpu_quota;  // cgroup, in CPUs
  uint64_t memory_total = 0;
  std::optional<uint64_t> memory_limit;  // cgroup
  // Threads used when none are asked for: what affinity and quota leave, at least one.
  int threads() const;
};

// `root` stands before /proc and /sys, for tests.
MachineLimits ReadLimits(const std::string& root = "");

// user@host-like words for locks: "pid 123 on host".
std::string ProcessName();

}  // namespace synthmill::run
