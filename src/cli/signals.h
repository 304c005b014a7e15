// Ctrl-C and SIGTERM as a flag that work looks at; a second signal ends the process at once.
#pragma once

#include <atomic>

namespace synthmill::cli {

// Installs the handlers (and ignores SIGPIPE: a closed pipe is an error of write). The flag is 0,
// or the signal that came.
const std::atomic<int>* StopOnSignals();
// 130 or 143 for the signal that came; else kUsage.
int StoppedExitCode();

}  // namespace synthmill::cli
