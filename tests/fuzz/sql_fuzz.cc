// Any text either is refused or is printed to text that parses again and prints the same; nothing
// crashes or overflows the stack. Built with -fsanitize=fuzzer; tests replay the corpus.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "sql/parse/parse.h"
#include "sql/parse/printer.h"

namespace {

using tailrace::sql::Sources;

void require_same(const std::string& once, const std::string& again) {
  if (once == again) return;
  std::fprintf(stderr, "printed:       %s\nprinted again: %s\n", once.c_str(), again.c_str());
  std::abort();
}

template <class Parse>
void print_twice(const std::string& text, const Parse& parse) {
  Sources sources;
  const auto first = parse(sources, sources.add("fuzz", text));
  if (!first) return;
  const std::string once = tailrace::sql::print(*first);
  const auto second = parse(sources, sources.add("printed", once));
  require_same(once, second ? tailrace::sql::print(*second) : second.error().message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  print_twice(text, [](const Sources& sources, int source) {
    return tailrace::sql::parse_expression(sources, source);
  });
  print_twice(text, [](const Sources& sources, int source) {
    return tailrace::sql::parse_query(sources, source);
  });
  return 0;
}
