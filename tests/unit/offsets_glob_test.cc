// Quoted globs mean what the shell would have made of them.
#include "offsets/glob.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace tailrace::offsets {
namespace {

TEST_CASE("A name matches a segment of a glob as in the shell") {
  struct Row {
    const char* pattern;
    const char* name;
    bool expected;
  };
  for (const Row& row : std::vector<Row>{
           {"*.log", "app.log", true},
           {"*.log", "app.log.1", false},
           {"*.log*", "app.log.1", true},
           {"*", ".hidden", false},
           {".*", ".hidden", true},
           {"[.]x", ".x", false},
           {"a?c", "abc", true},
           {"a?c", "ac", false},
           {"a?c",
            "a\xc3\xa4"
            "c",
            true},
           {"a[a-c]c", "abc", true},
           {"a[a-c]c", "adc", false},
           {"a[!a-c]c", "adc", true},
           {"a[^a-c]c", "abc", false},
           {"a[]]c", "a]c", true},
           {"a[b-]c", "a-c", true},
           {"a[bc", "a[bc", true},
           {"a\\*c", "a*c", true},
           {"a\\*c", "abc", false},
           {"*a*b*", "xxaxxbxx", true},
           {"*a*b", "aab", true},
           {"*a*b", "aba", false},
           {"", "", true},
           {"", "a", false},
           {"**", "a", true},
           {"*aaaaaaaaaaaaaaaaaaaab*aaaaaaaaab", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            false},
       }) {
    CAPTURE(row.pattern);
    CAPTURE(row.name);
    CHECK_EQ(matches_glob(row.pattern, row.name), row.expected);
  }
}

TEST_CASE(
    "Braces give every combination, in order, and stand for themselves when they are not a list") {
  using Names = std::vector<std::string>;
  CHECK_EQ(expand_braces("a{b,c}d"), Names{"abd", "acd"});
  CHECK_EQ(expand_braces("{a,b}{1,2}"), Names{"a1", "a2", "b1", "b2"});
  CHECK_EQ(expand_braces("a{b,c{d,e}}"), Names{"ab", "acd", "ace"});
  CHECK_EQ(expand_braces("a{,b}"), Names{"a", "ab"});
  CHECK_EQ(expand_braces("a{b}{c,d}"), Names{"a{b}c", "a{b}d"});
  CHECK_EQ(expand_braces("a{b"), Names{"a{b"});
  CHECK_EQ(expand_braces("a\\{b,c}"), Names{"a\\{b,c}"});
}

TEST_CASE("Only a text that means more than itself has a wildcard") {
  for (const char* text : {"*", "a?", "[a]", "{a,b}", "a\\b"})
    CHECK_MESSAGE(has_wildcard(text), text);
  for (const char* text : {"", "a.log", "{a}", "a{b", "a,b"})
    CHECK_MESSAGE(!has_wildcard(text), text);
}

}  // namespace
}  // namespace tailrace::offsets
