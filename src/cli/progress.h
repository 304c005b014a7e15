// Progress on stderr: a bar on a terminal, a plain line every few seconds elsewhere.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "synthmill/generate.h"

namespace synthmill::cli {

// Whether stderr is a terminal that can move its cursor; and whether it may be coloured (NO_COLOR).
bool IsTerminal();
bool UseColor();

class Progress {
 public:
  enum class Style { kNone, kLines, kBar };
  static Style ChooseStyle(bool quiet, bool no_progress);

  // `total` is what `counters.*measure` reaches at the end; `counters` must outlive this.
  using Measure = std::atomic<uint64_t> RunCounters::*;
  Progress(Style style, std::string verb, uint64_t total, const RunCounters& counters,
           Measure measure = &RunCounters::rows);
  ~Progress();  // clears the bar

 private:
  void Work();
  std::string Line(double seconds) const;
  double Share() const;

  const Style style_;
  const std::string verb_;
  const uint64_t total_;
  const RunCounters& counters_;
  const Measure measure_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace synthmill::cli
