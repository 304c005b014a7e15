#include "cli/signals.h"

#include <csignal>

#include "cli/app.h"

namespace synthmill::cli {

namespace {
std::atomic<int> g_signal{0};
static_assert(std::atomic<int>::is_always_lock_free);  // a handler may use nothing else

void OnSignal(int number) { g_signal = number; }
}  // namespace

const std::atomic<int>* StopOnSignals() {
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESETHAND | SA_RESTART;
  for (const int number : {SIGINT, SIGTERM}) {
    // Ignored before us (nohup, a shell's background job): stays so.
    struct sigaction before;
    if (::sigaction(number, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    ::sigaction(number, &action, nullptr);
  }
  std::signal(SIGPIPE, SIG_IGN);
  return &g_signal;
}

int StoppedExitCode() {
  const int number = g_signal;
  if (number == SIGINT) return kInterrupted;
  if (number == SIGTERM) return kTerminated;
  return kUsage;
}

}  // namespace synthmill::cli
