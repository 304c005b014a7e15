// The shared files of Amazon's tools: ~/.aws/credentials and ~/.aws/config.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "io/s3/credentials.h"

namespace synthmill::io {

namespace {

std::string_view Trim(std::string_view text) {
  while (!text.empty() && std::string_view(" \t\r").find(text.front()) != std::string_view::npos) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::string_view(" \t\r").find(text.back()) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  return text;
}

std::string FileText(const char* variable, const char* below_home) {
  std::string path = Environment(variable);
  if (path.empty()) path = Environment("HOME") + below_home;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

}  // namespace

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string AwsProfileName() {
  for (const char* name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    if (std::string value = Environment(name); !value.empty()) return value;
  }
  return "default";
}

AwsProfile ParseAwsProfile(std::string_view text, std::string_view name, bool* found) {
  AwsProfile out;
  bool inside = false;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view raw = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    const std::string_view line = Trim(raw);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      std::string_view section = Trim(line.substr(1, line.find(']') - 1));
      if (section.starts_with("profile ") || section.starts_with("profile\t")) {
        section = Trim(section.substr(8));
      }
      inside = section == name;
      if (inside && found) *found = true;
      continue;
    }
    // Indented lines belong to the key above them ("s3 =" with settings of its own).
    if (!inside || raw.front() == ' ' || raw.front() == '\t') continue;
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    std::string key(Trim(line.substr(0, equals)));
    std::transform(key.begin(), key.end(), key.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    out[std::move(key)] = std::string(Trim(line.substr(equals + 1)));
  }
  return out;
}

AwsProfile ReadAwsProfile(bool* found) {
  const std::string name = AwsProfileName();
  AwsProfile merged =
      ParseAwsProfile(FileText("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials"), name, found);
  for (auto& [key, value] :
       ParseAwsProfile(FileText("AWS_CONFIG_FILE", "/.aws/config"), name, found)) {
    merged.emplace(key, value);
  }
  return merged;
}

}  // namespace synthmill::io
