#include "cli/summary.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/duration.h"
#include "io/process.h"

namespace tailrace::cli {
namespace {

constexpr size_t kNotesMax = 10;

std::string grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

}  // namespace

std::string summary_text(const engine::Outcome& outcome) {
  std::string text =
      fmt::format("{} rows in, {} rows out", grouped(outcome.rows_in), grouped(outcome.rows_out));
  if (outcome.bad_rows > 0)
    text += fmt::format(", {} bad (first: {})", grouped(outcome.bad_rows), outcome.first_bad);
  if (outcome.late_rows > 0) text += fmt::format(", {} late", grouped(outcome.late_rows));
  if (outcome.open_groups > 0)
    text += fmt::format(", {} groups open", grouped(outcome.open_groups));
  return text;
}

std::vector<std::string> unknown_field_notes(const engine::Outcome& outcome) {
  std::vector<std::string> notes;
  for (const engine::UnseenField& field : outcome.unknown_fields) {
    if (notes.size() == kNotesMax) {
      notes.push_back(
          fmt::format("and {} more fields like it", outcome.unknown_fields.size() - kNotesMax));
      break;
    }
    notes.push_back(
        fmt::format("{}: field {} was not in the sample that the schema was inferred from, so it "
                    "is not in the output; "
                    "name it in --schema",
                    field.place, field.name));
  }
  return notes;
}

std::string stats_text(const engine::Outcome& outcome, int64_t wall_us) {
  const auto line = [](std::string_view what, int64_t us) {
    return fmt::format("  {:<8} {:>9.1f} ms\n", what, static_cast<double>(us) / 1000);
  };
  const double seconds = static_cast<double>(std::max<int64_t>(wall_us, 1)) / 1e6;
  return fmt::format("{} batches, {} bytes, {:.0f} rows/s, {:.2f} GB/s, peak memory {:.1f} MB\n",
                     outcome.batches, grouped(outcome.bytes),
                     static_cast<double>(outcome.rows_in) / seconds,
                     static_cast<double>(outcome.bytes) / seconds / 1e9,
                     static_cast<double>(io::peak_memory_bytes()) / 1e6) +
         line("wall", wall_us) + "time of all workers:\n" + line("read", outcome.times.read) +
         line("decode", outcome.times.decode) + line("rows", outcome.times.rows) +
         line("group", outcome.times.group) + line("emit", outcome.times.emit) +
         line("commit", outcome.times.commit);
}

}  // namespace tailrace::cli
