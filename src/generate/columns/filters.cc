#include "generate/columns/filters.h"

#include <cstring>
#include <vector>

#include "spec/diagnostics.h"

namespace synthmill::generate {
namespace {

char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
char UpperAscii(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

char* Lower(std::string_view in, char* out) {
  for (char c : in) *out++ = LowerAscii(c);
  return out;
}
char* Upper(std::string_view in, char* out) {
  for (char c : in) *out++ = UpperAscii(c);
  return out;
}
char* Initial(std::string_view in, char* out) {
  if (in.empty()) return out;
  *out++ = in[0];
  // A letter beyond ASCII is several bytes.
  for (size_t i = 1; i < in.size() && (in[i] & 0xC0) == 0x80; ++i) *out++ = in[i];
  return out;
}
// What may stand before the @: small letters and digits; the rest falls away.
char* Mailbox(std::string_view in, char* out) {
  for (char c : in) {
    c = LowerAscii(c);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) *out++ = c;
  }
  return out;
}
char* InitialMailbox(std::string_view in, char* out) {
  char* end = Mailbox(in, out);
  return end > out ? out + 1 : out;
}

struct Entry {
  const char* name;
  TextFilter filter;
};
constexpr Entry kFilters[] = {{"lower", Lower},
                              {"upper", Upper},
                              {"initial", Initial},
                              {"mailbox", Mailbox},
                              {"initial|mailbox", InitialMailbox}};

}  // namespace

TextFilter FindTextFilter(std::string_view names, std::string* error) {
  for (const Entry& e : kFilters)
    if (names == e.name) return e.filter;
  *error = "no filter '" + std::string(names) + "'";
  return nullptr;
}

std::string TextFilterHint() {
  std::string hint = "one of: ";
  for (const Entry& e : kFilters) hint += (hint.size() > 8 ? ", " : "") + std::string(e.name);
  return hint;
}

}  // namespace synthmill::generate
