#include "cli/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "plan/plan.h"

namespace synthmill::cli {

namespace {

using Clock = std::chrono::steady_clock;

std::string Duration(double seconds) {
  const auto s = static_cast<uint64_t>(seconds + 0.5);
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{}:{:02} min", s / 60, s % 60);
  return fmt::format("{}:{:02} h", s / 3600, s / 60 % 60);
}

size_t TerminalWidth() {
  winsize size = {};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

bool IsTerminal() {
  const char* term = std::getenv("TERM");
  return isatty(STDERR_FILENO) && term && std::strcmp(term, "dumb") != 0;
}

bool UseColor() {
  const char* no_color = std::getenv("NO_COLOR");
  return IsTerminal() && !(no_color && *no_color);
}

Progress::Style Progress::ChooseStyle(bool quiet, bool no_progress) {
  if (quiet || no_progress) return Style::kNone;
  return IsTerminal() ? Style::kBar : Style::kLines;
}

Progress::Progress(Style style, std::string verb, uint64_t total, const RunCounters& counters,
                   Measure measure)
    : style_(style), verb_(std::move(verb)), total_(total), counters_(counters), measure_(measure) {
  if (style_ != Style::kNone) thread_ = std::thread([this] { Work(); });
}

Progress::~Progress() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    ended_ = true;
  }
  wake_.notify_all();
  thread_.join();
  if (style_ == Style::kBar) std::fputs("\r\033[K", stderr);
}

double Progress::Share() const {
  const double done = static_cast<double>(counters_.*measure_);
  return total_ > 0 ? std::min(1.0, done / static_cast<double>(total_)) : 0;
}

std::string Progress::Line(double seconds) const {
  const uint64_t rows = counters_.rows;
  const double rate = seconds > 0 ? static_cast<double>(rows) / seconds : 0;
  // Rows of truth tables are estimates: 100 % is for the end alone.
  const double share = std::min(0.999, Share());
  const std::string eta = share > 0 ? Duration(seconds / share - seconds) : "?";
  return fmt::format(
      "{:3.0f} %  {} rows  {}/s  {} rows/s  ETA {}", share * 100, plan::Grouped(rows),
      plan::HumanBytes(
          static_cast<uint64_t>(seconds > 0 ? static_cast<double>(counters_.bytes) / seconds : 0)),
      plan::Grouped(static_cast<uint64_t>(rate)), eta);
}

void Progress::Work() {
  const auto begun = Clock::now();
  auto next_line = begun + std::chrono::seconds(5);
  std::unique_lock<std::mutex> lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::milliseconds(100), [&] { return ended_; })) {
    const auto now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - begun).count();
    if (style_ == Style::kLines) {
      if (now < next_line) continue;
      next_line += std::chrono::seconds(5);
      fmt::print(stderr, "{}: {}\n", verb_, Line(seconds));
      continue;
    }
    const std::string text = Line(seconds);
    const size_t width = TerminalWidth();
    const size_t room = width > text.size() + 4 ? std::min<size_t>(width - text.size() - 4, 30) : 0;
    std::string bar;
    if (room >= 8) {
      const auto full = static_cast<size_t>(Share() * static_cast<double>(room));
      bar = UseColor() ? "\033[32m" : "";
      for (size_t i = 0; i < room; ++i) bar += i < full ? "━" : "─";
      bar += UseColor() ? "\033[0m  " : "  ";
    }
    std::string line = "\r\033[K" + bar + text.substr(0, width > 1 ? width - 1 : 0);
    std::fputs(line.c_str(), stderr);
    std::fflush(stderr);
  }
}

}  // namespace synthmill::cli
