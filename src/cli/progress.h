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

  // `rows` is what `counters.rows` reaches at the end; `counters` must outlive this.
  Progress(Style style, std::string verb, uint64_t rows, const RunCounters& counters);
  ~Progress();  // clears the bar

 private:
  void Work();
  std::string Line(double seconds) const;

  const Style style_;
  const std::string verb_;
  const uint64_t rows_;
  const RunCounters& counters_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace synthmill::cli
