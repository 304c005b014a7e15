#include "io/hive/location.h"

#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

namespace synthmill::io::hive {

namespace fs = std::filesystem;

namespace {

bool SameAddress(const sockaddr* a, const sockaddr* b) {
  if (!a || !b || a->sa_family != b->sa_family) return false;
  if (a->sa_family == AF_INET) {
    return std::memcmp(&reinterpret_cast<const sockaddr_in*>(a)->sin_addr,
                       &reinterpret_cast<const sockaddr_in*>(b)->sin_addr, sizeof(in_addr)) == 0;
  }
  if (a->sa_family == AF_INET6) {
    return std::memcmp(&reinterpret_cast<const sockaddr_in6*>(a)->sin6_addr,
                       &reinterpret_cast<const sockaddr_in6*>(b)->sin6_addr, sizeof(in6_addr)) == 0;
  }
  return false;
}

bool IsLoopback(const sockaddr* a) {
  if (a->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(a);
    return (ntohl(v4->sin_addr.s_addr) >> 24) == 127;
  }
  if (a->sa_family != AF_INET6) return false;
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(a);
  return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

// The authority and the path of a file: URI, or of a plain path.
struct FileUri {
  bool is_file = false;
  std::string host, path;
};

FileUri ParseFile(const std::string& uri) {
  std::string_view rest = uri;
  if (rest.starts_with("file:")) {
    rest.remove_prefix(5);
    if (!rest.starts_with("//")) return {true, "", std::string(rest)};
    rest.remove_prefix(2);
    const size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return {true, std::string(rest), ""};
    return {true, std::string(rest.substr(0, slash)), std::string(rest.substr(slash))};
  }
  const size_t colon = rest.find(':');
  const size_t slash = rest.find('/');
  // "s3://…" has a scheme; "./a:b" and "a/b:c" are paths.
  if (colon != std::string_view::npos && colon > 0 &&
      (slash == std::string_view::npos || colon < slash)) {
    return {};
  }
  return {true, "", uri};
}

std::string WithoutSlashes(std::string text) {
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

HiveLocation OfFolder(const std::string& path) {
  std::error_code ec;
  const std::string absolute = WithoutSlashes(fs::absolute(path, ec).lexically_normal().string());
  return {"file:" + absolute, absolute};
}

}  // namespace

bool IsThisMachine(const std::string& host) {
  if (host.empty() || host == "localhost") return true;
  addrinfo* raw = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, nullptr, &raw) != 0) return false;
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> found(raw, ::freeaddrinfo);
  ifaddrs* own_raw = nullptr;
  if (::getifaddrs(&own_raw) != 0) own_raw = nullptr;
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> own(own_raw, ::freeifaddrs);
  for (const addrinfo* a = found.get(); a; a = a->ai_next) {
    if (IsLoopback(a->ai_addr)) return true;
    for (const ifaddrs* i = own.get(); i; i = i->ifa_next) {
      if (SameAddress(a->ai_addr, i->ifa_addr)) return true;
    }
  }
  return false;
}

arrow::Result<HiveLocation> GivenLocation(const std::string& uri) {
  const FileUri file = ParseFile(uri);
  if (!file.is_file) {
    const std::string reached = WithoutSlashes(uri);
    constexpr std::string_view kS3 = "s3://";
    if (!uri.starts_with(kS3)) return HiveLocation{reached, reached};
    return HiveLocation{"s3a://" + reached.substr(kS3.size()), reached};
  }
  if (!IsThisMachine(file.host)) {
    return arrow::Status::Invalid("--location ", uri, " is on the disk of ", file.host,
                                  ", another machine: give a place that both can reach, such as "
                                  "s3://bucket/folder, or a folder both have mounted (file:/…)");
  }
  if (file.path.empty()) return arrow::Status::Invalid("--location ", uri, " names no folder");
  return OfFolder(file.path);
}

arrow::Result<HiveLocation> DatabaseLocation(const std::string& uri, const std::string& database,
                                             const std::string& metastore_host) {
  const FileUri file = ParseFile(uri);
  if (!file.is_file) return HiveLocation{WithoutSlashes(uri), WithoutSlashes(uri)};
  const std::string& host = file.host.empty() ? metastore_host : file.host;
  if (!IsThisMachine(host)) {
    return arrow::Status::Invalid(
        "the database ", database, " has its files at ", uri, ", on the disk of ", host,
        ", which is another machine: what is written here would not be found there\n"
        "  a place both can reach:  --location s3://bucket/folder (or hdfs://…)\n"
        "  a folder both mounted:   --location file:/folder\n"
        "  or run this on ",
        host);
  }
  return OfFolder(file.path);
}

}  // namespace synthmill::io::hive
