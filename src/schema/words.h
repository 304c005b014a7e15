// The words of a name, as people mean them: customer_email, customerEmail, CUSTOMER_EMAIL and
// "Customer E-mail 2" all hold the words customer and email.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::schema {

// Lower case. Words end at anything that is no letter or digit, between aB, between ABc (AB|Bc
// keeps a run of capitals together: IPAddress is ip, address), and between letters and digits.
std::vector<std::string> SplitWords(std::string_view name);

// The same without numbers at its end (address_2 is address).
std::vector<std::string> HeadWords(std::string_view name);

// How many words of `patterns` ("email|e mail|mail address") end `words`; a pattern that starts
// with ^ must be all of them, one that ends with > stands at their beginning ("is>"). The longest
// one counts; 0: none does.
size_t MatchWords(std::span<const std::string> words, std::string_view patterns);

}  // namespace synthmill::schema
