// LowArguments: the command line as typed, checked only for names and shape (ripgrep's lowargs).
// What it means is in options.h. Options of the file and the environment are laid under those of
// the command line. Plain data; the texts are copies. All errors are usage errors that name the
// flag.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/flags.h"

namespace tailrace::cli {

// Where options come from beside the command line.
struct OptionSources {
  std::optional<std::string> environment;  // TAILRACE_OPTS
  std::optional<std::string> file;         // the contents of ~/.config/tailrace/config
  std::string file_name;                   // for messages
};

class LowArguments {
 public:
  bool has(std::string_view flag) const { return values_.contains(flag); }
  // The last value given; null: not given.
  const std::string* value(std::string_view flag) const;
  // How many times a switch was given.
  size_t count(std::string_view flag) const;
  const std::vector<std::string>& operands() const { return operands_; }

  void add(const Flag& flag, std::string value) { values_[flag.name].push_back(std::move(value)); }
  void add_operand(std::string operand) { operands_.push_back(std::move(operand)); }
  // Takes from `other` what this does not say already, also not by a flag that excludes it.
  void lay_under(const LowArguments& other);

 private:
  std::map<std::string_view, std::vector<std::string>> values_;  // keys live in the flag table
  std::vector<std::string> operands_;
};

// Reads the arguments behind the program's name (and behind the subcommand's word). `command` is
// the one CommandBits bit whose flags may stand here.
Result<LowArguments> parse_arguments(const std::vector<std::string>& arguments, uint8_t command);

// Options one a line: `--flag`, `--flag value` or `--flag=value`; the value is the rest of the line
// as it stands, without quoting. Empty lines and those that begin with # are skipped. Flags that
// are not for `command` are checked, then skipped.
Result<LowArguments> parse_option_lines(std::string_view text, std::string_view origin,
                                        uint8_t command);

// The command line stands over the environment, that over the file.
Status lay_sources_under(const OptionSources& sources, uint8_t command, LowArguments& low);

// The name of a group of flags of which only one may be given, or null.
const char* exclusive_group(std::string_view flag);

}  // namespace tailrace::cli
