// The one flag table: whatever a flag is called, takes, means and is good for is said here once.
// The parser, --help, the man page's OPTIONS, the completions and the tests all read it (ripgrep's
// flags/defs.rs). Constant data: a row stands in flag_table/<section>.cc; order is order of
// printing. To add a flag: its row, its member in options.h, its reading in options.cc, a case in
// tests/unit/cli_flags_test.cc, then `make man`.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tailrace::cli {

// The model's words, in the order in which help, man page and folders use them.
enum class Section : uint8_t { kWhat, kWhen, kHow, kForget, kComplete, kOutput, kSeeing };
inline constexpr Section kSections[] = {Section::kWhat,   Section::kWhen,     Section::kHow,
                                        Section::kForget, Section::kComplete, Section::kOutput,
                                        Section::kSeeing};
std::string_view section_title(Section section);  // "WHAT: offsets and input"

enum class Value : uint8_t {
  kNone,      // a switch
  kText,      // names, SQL: only its own parser knows
  kOptional,  // text that may be left out
  kDuration,  // 90s, '5 minutes', PT5M; no months
  kDelay,     // a duration in which a month is 31 days
  kSize,      // 64M, 1G
  kCount,     // a whole number
  kShare,     // N or P%
  kChoice,    // one of `choices`
  kFile,
  kDirectory,
};

enum class Repeat : uint8_t {
  kLastWins,  // settings: so that an alias or a file of options can be overruled
  kOnce,      // parts of the query: dropping one in silence would change the answer
  kCounted,   // -v -v
};

// Which command lines a flag may stand on; a set of bits.
enum CommandBits : uint8_t { kRun = 1, kStatus = 2, kCheckpoint = 4, kSchema = 8, kEvery = 15 };

struct Flag {
  std::string_view name;           // without the dashes
  char letter = 0;                 // 0: none
  std::string_view argument = {};  // "PATTERN", "row|batch"; empty for a switch
  Value value = Value::kNone;
  Section section = Section::kWhat;
  std::string_view help = {};  // one line, lower case, no full stop
  std::string_view man = {};   // mdoc(7) paragraphs
  Repeat repeat = Repeat::kLastWins;
  uint8_t commands = kRun;
  std::string_view alias = {};    // another name that means the same
  bool hidden = false;            // for the project's own tools: in no help
  std::string_view choices = {};  // "a|b|c": the words to complete, and for kChoice the only ones
};

// Every flag, section by section.
const std::vector<Flag>& flags();
// By name or alias, without dashes; null if there is none.
const Flag* find_flag(std::string_view name);
const Flag* find_flag(char letter);
std::vector<std::string_view> choices_of(const Flag& flag);

// What the contract names and this version does not have yet. Not in any help.
bool is_later_flag(std::string_view name);
bool is_later_flag(char letter);
bool is_later_choice(const Flag& flag, std::string_view value);

// The long name of a flag of these commands that a slip of the finger, or the beginning of the
// name, may have meant; empty if there is none.
std::string_view nearest_flag(std::string_view typed, uint8_t commands);

// The rows of the table, one function a file in flag_table/.
std::span<const Flag> offsets_flags();
std::span<const Flag> trigger_flags();
std::span<const Flag> sql_flags();
std::span<const Flag> watermark_flags();
std::span<const Flag> checkpoint_flags();
std::span<const Flag> output_flags();
std::span<const Flag> seeing_flags();

}  // namespace tailrace::cli
