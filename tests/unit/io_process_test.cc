#include "io/process.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <set>
#include <string>

namespace tailrace::io {

TEST_CASE("uuids are of version 4 and differ, seeds too") {
  std::set<std::string> uuids;
  std::set<uint64_t> seeds;
  for (int i = 0; i < 100; ++i) {
    const std::string uuid = random_uuid();
    REQUIRE(uuid.size() == 36);
    CHECK(uuid.find_first_not_of("0123456789abcdef-") == std::string::npos);
    for (const size_t dash : {8, 13, 18, 23}) CHECK(uuid[dash] == '-');
    CHECK(uuid[14] == '4');
    CHECK(std::string("89ab").find(uuid[19]) != std::string::npos);
    uuids.insert(uuid);
    seeds.insert(random_seed());
  }
  CHECK(uuids.size() == 100);
  CHECK(seeds.size() == 100);
}

TEST_CASE("the process knows itself and its machine") {
  CHECK(process_exists(process_id()));
  CHECK(process_exists(1));
  CHECK(!process_exists(0x7ffffffe));
  CHECK(processor_count() >= 1);
  CHECK(peak_memory_bytes() > 1'000'000);
  ::setenv("TAILRACE_TEST", "", 1);
  CHECK(environment("TAILRACE_TEST") == std::optional<std::string>(""));
  ::unsetenv("TAILRACE_TEST");
  CHECK(!environment("TAILRACE_TEST"));
}

}  // namespace tailrace::io
