#include <fmt/format.h>
#include <signal.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "io/objects/object_documents.h"

namespace synthmill::io {

namespace {

using Json = nlohmann::ordered_json;

constexpr auto kRenewEvery = std::chrono::seconds(kLeaseSeconds / 6);

std::string FileText(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

// This boot of this machine, and the process ids that are counted together: two processes with the
// same word can ask the kernel after each other.
std::string Machine() {
  std::string boot = FileText("/proc/sys/kernel/random/boot_id");
  while (!boot.empty() && boot.back() == '\n') boot.pop_back();
  char pids[64];
  const ssize_t n = ::readlink("/proc/self/ns/pid", pids, sizeof pids);
  if (boot.empty() || n <= 0) return {};
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  return boot + " " + std::string(pids, static_cast<size_t>(n)) + " " + host;
}

// When the process began, in clock ticks since boot; 0 if there is no such process.
uint64_t StartOf(int64_t pid) {
  const std::string stat = FileText("/proc/" + std::to_string(pid) + "/stat");
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(stat.substr(name_end + 1));
  std::string word;
  for (int i = 0; i < 20 && fields >> word; ++i) {
    if (i == 0 && (word == "Z" || word == "X")) return 0;  // its parent has not asked for it yet
  }
  return std::strtoull(word.c_str(), nullptr, 10);
}

std::string RandomId() {
  uint64_t bits = 0;
  if (::getrandom(&bits, sizeof bits, 0) != sizeof bits) {
    bits = static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  }
  return fmt::format("{:016x}", bits);
}

std::string LockText(const std::string& owner, const std::string& id, uint64_t renewals) {
  return Json{{"version", 1},
              {"owner", owner},
              {"id", id},
              {"seconds", kLeaseSeconds},
              {"renewals", renewals},
              {"machine", Machine()},
              {"pid", static_cast<int64_t>(::getpid())},
              {"start", StartOf(::getpid())}}
      .dump();
}

struct Holder {
  std::string owner;
  int64_t seconds = kLeaseSeconds;
  bool dead = false;  // a process of this machine that is no more
};

Holder ReadHolder(const std::string& text) {
  Holder out;
  const Json doc = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!doc.is_object()) return out;
  try {
    out.owner = doc.value("owner", std::string());
    out.seconds = doc.value("seconds", int64_t{kLeaseSeconds});
    const std::string machine = Machine();
    if (!machine.empty() && doc.value("machine", std::string()) == machine) {
      const uint64_t start = StartOf(doc.value("pid", int64_t{0}));
      out.dead = start == 0 || start != doc.value("start", uint64_t{0});
    }
  } catch (const Json::exception&) {
    // Written by something else: its time to live still holds.
  }
  return out;
}

}  // namespace

arrow::Result<std::unique_ptr<ObjectLease>> ObjectLease::Take(std::shared_ptr<ObjectStore> store,
                                                              const std::string& key,
                                                              const std::string& owner,
                                                              const std::string& target) {
  std::unique_ptr<ObjectLease> lease(new ObjectLease());
  lease->store_ = std::move(store);
  lease->key_ = key;
  lease->target_ = target;
  lease->owner_ = owner;
  lease->id_ = RandomId();
  const std::string text = LockText(owner, lease->id_, 0);
  for (int attempt = 0; attempt < 5; ++attempt) {
    ARROW_ASSIGN_OR_RAISE(auto version,
                          lease->store_->Put(key, text, {PutCondition::Kind::kAbsent}));
    if (!version) {
      ARROW_ASSIGN_OR_RAISE(const auto there, lease->store_->Get(key));
      if (!there) continue;  // released in this moment
      const Holder holder = ReadHolder(there->text);
      // Both times are the server's. Without its clock nothing can be said of the age.
      const int64_t age = there->now > 0 && there->modified > 0 ? there->now - there->modified : 0;
      if (!holder.dead && age <= holder.seconds) {
        return arrow::Status::Invalid(
            target, " is being written by another run (",
            holder.owner.empty() ? "its owner is not known" : holder.owner,
            "); wait until it is done, or choose another --to. If it died, its lock ends in ",
            holder.seconds - age, " s");
      }
      ARROW_ASSIGN_OR_RAISE(
          version, lease->store_->Put(key, text, {PutCondition::Kind::kVersion, there->version}));
      if (!version) continue;  // someone was quicker
    }
    lease->version_ = *version;
    lease->thread_ = std::thread([raw = lease.get()] { raw->Keep(); });
    return lease;
  }
  return arrow::Status::IOError("cannot lock ", target, ": others keep taking it");
}

ObjectLease::~ObjectLease() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  // Never another's: one that cannot be renewed is left to end by itself.
  if (!version_.empty() && Renew().ok()) (void)store_->Delete({key_});
}

arrow::Status ObjectLease::Check() const {
  if (!lost_) return arrow::Status::OK();
  return arrow::Status::IOError("the lock of ", target_,
                                " was taken by another run while this one could not renew it; "
                                "nothing was published: go on with --resume");
}

arrow::Status ObjectLease::Renew() {
  std::lock_guard<std::mutex> lock(renewing_);
  ARROW_RETURN_NOT_OK(Check());
  ARROW_ASSIGN_OR_RAISE(const auto version, store_->Put(key_, LockText(owner_, id_, ++renewals_),
                                                        {PutCondition::Kind::kVersion, version_}));
  if (version) {
    version_ = *version;
  } else {
    lost_ = true;
  }
  return Check();
}

void ObjectLease::Keep() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!wake_.wait_for(lock, kRenewEvery, [this] { return stop_; }) && !lost_) {
    lock.unlock();
    // A server that is away is asked again next time; who commits renews first.
    (void)Renew();
    lock.lock();
  }
}

}  // namespace synthmill::io
