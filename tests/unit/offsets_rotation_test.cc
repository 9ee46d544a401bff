// Rotated parts of one log have one name without their endings.
#include "offsets/rotation.h"

#include <doctest/doctest.h>

#include <vector>

namespace tailrace::offsets {
namespace {

TEST_CASE("What log rotation appends is taken away, and nothing else") {
  struct Row {
    const char* path;
    const char* expected;
  };
  for (const Row& row : std::vector<Row>{
           {"/l/app.log", "/l/app.log"},
           {"/l/app.log.1", "/l/app.log"},
           {"/l/app.log.123", "/l/app.log"},
           {"/l/app.log.1234", "/l/app.log.1234"},
           {"/l/app.log.2.gz", "/l/app.log"},
           {"/l/app.log.gz", "/l/app.log"},
           {"/l/app.log-20260131", "/l/app.log"},
           {"/l/app.log-20260131.zst", "/l/app.log"},
           {"/l/app.log.2026-01-31", "/l/app.log"},
           {"/l/app.log.2026-01-31.1", "/l/app.log"},
           {"/l/app.log_20260131", "/l/app.log"},
           {"/l/app.log-2026013112", "/l/app.log"},
           {"/l/app.log-20260131-1530", "/l/app.log"},
           {"/l/app.log.2026-01-31-12", "/l/app.log"},
           {"/l/app.log.2026-01-31T12:30:00", "/l/app.log"},
           {"/l/app.log-1767225600", "/l/app.log"},
           {"/l/app.log-20261331", "/l/app.log-20261331"},
           {"/l/app.log-00000000", "/l/app.log-00000000"},
           {"/l/web-10.0.0.1", "/l/web-10.0.0.1"},
           {"/l/web-10.0.0.1.log.3", "/l/web-10.0.0.1.log"},
           {"/l/part-1", "/l/part-1"},
           {"/l/app.jsonl", "/l/app.jsonl"},
           {"/l/.1", "/l/.1"},
           {"/l/-20260131", "/l/-20260131"},
           {"/l.1/app", "/l.1/app"},
           {"app.log.1", "app.log"},
       }) {
    CAPTURE(row.path);
    CHECK_EQ(unrotated_path(row.path), row.expected);
  }
}

}  // namespace
}  // namespace tailrace::offsets
