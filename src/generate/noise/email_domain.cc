#include "generate/noise.h"

namespace synthmill::generate {
namespace {

class EmailDomain : public NoiseRule {
 public:
  EmailDomain(core::Stream stream, std::vector<std::string> domains)
      : stream_(stream), domains_(std::move(domains)) {}
  arrow::Status Apply(NoiseBatch* b, std::span<const int32_t> rows) const override {
    std::string out;
    for (size_t c = 0; c < b->columns.size(); ++c) {
      Vector& v = *b->columns[c];
      for (int32_t row : rows) {
        if (v.IsNull(row)) continue;
        const std::string_view old = v.GetText(row).view();
        const size_t at = old.rfind('@');
        if (at == std::string_view::npos) continue;
        for (int attempt = 0; attempt < kNoiseAttempts; ++attempt) {
          const uint64_t bits = stream_.Draw(c * kNoiseAttempts + attempt).At(b->hash[row]);
          const std::string& domain = domains_[core::Below(bits, domains_.size())];
          if (domain == old.substr(at + 1)) continue;
          out.assign(old.substr(0, at + 1)).append(domain);
          b->Touch(c, row);
          v.SetText(row, out);
          break;
        }
      }
    }
    return arrow::Status::OK();
  }

 private:
  core::Stream stream_;
  std::vector<std::string> domains_;
};

std::unique_ptr<NoiseRule> Compile(NoiseContext& c) {
  if (!c.RequireText() || !c.args().Require("domains", "domains: [gmail.com, yahoo.com]"))
    return nullptr;
  std::vector<std::string> domains = c.args().TextList("domains");
  if (domains.empty()) {
    c.args().Error(c.args().At("domains"), "no domain is given");
    return nullptr;
  }
  return std::make_unique<EmailDomain>(c.stream(), std::move(domains));
}

}  // namespace

extern const NoiseKind kEmailDomain = {
    "email_domain",
    "the same mailbox at another provider",
    "{rule: email_domain, columns: [email], domains: [gmail.com, yahoo.com], rate: 0.2}",
    {{"domains", "the providers to choose from"}},
    Compile};

}  // namespace synthmill::generate
