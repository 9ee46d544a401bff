#include "cli/flags.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "cli/completions.h"
#include "cli/help.h"
#include "cli/man_page.h"

namespace tailrace::cli {
namespace {

TEST_CASE("every flag has a help line, a man text and a name of its own") {
  std::set<std::string_view> names;
  std::set<char> letters;
  for (const Flag& flag : flags()) {
    CAPTURE(flag.name);
    CHECK(names.insert(flag.name).second);
    if (!flag.alias.empty()) CHECK(names.insert(flag.alias).second);
    if (flag.letter != 0) CHECK(letters.insert(flag.letter).second);
    CHECK(flag.argument.empty() == (flag.value == Value::kNone));
    if (flag.value == Value::kChoice) CHECK(!flag.choices.empty());
    if (flag.hidden) continue;
    CHECK(!flag.help.empty());
    CHECK(flag.help.size() <= 66);
    CHECK(!flag.help.ends_with('.'));
    CHECK(flag.man.ends_with(flag.man.ends_with(')') ? ")" : "."));
  }
}

TEST_CASE("what is for later is not in the table and not in the help") {
  for (const char* name : {"follow", "session", "dedup", "brokers", "each-batch", "partition-by"}) {
    CHECK(is_later_flag(name));
    CHECK(find_flag(name) == nullptr);
    CHECK(full_help(kRun).find(std::string("--") + name) == std::string::npos);
  }
  CHECK(is_later_flag('f'));
  CHECK(!is_later_flag('q'));
  CHECK(is_later_choice(*find_flag("format"), "parquet"));
  CHECK(!is_later_choice(*find_flag("format"), "csv"));
}

TEST_CASE("the help has the sections in the model's order and every flag once") {
  const std::string help = full_help(kRun);
  size_t last = 0;
  for (const Section section : kSections) {
    const size_t at = help.find("\n" + std::string(section_title(section)) + "\n");
    REQUIRE(at != std::string::npos);
    CHECK(at > last);
    last = at;
  }
  for (const Flag& flag : flags()) {
    CAPTURE(flag.name);
    const bool listed = help.find("--" + std::string(flag.name)) != std::string::npos;
    CHECK(listed == !flag.hidden);
  }
}

TEST_CASE("no line of the help is wider than 100 columns, and the short one has about 15 lines") {
  for (const uint8_t command : {kRun, kStatus, kCheckpoint, kSchema}) {
    size_t column = 0;
    for (const char c : full_help(command) + short_help()) {
      column = c == '\n' ? 0 : column + 1;
      CHECK(column <= 100);
    }
  }
  const std::string text = short_help();
  CHECK(std::count(text.begin(), text.end(), '\n') <= 16);
}

TEST_CASE("a subcommand's help lists its own flags only") {
  const std::string help = full_help(kStatus);
  CHECK(help.starts_with("usage: tailrace status"));
  CHECK(help.find("--json") != std::string::npos);
  CHECK(help.find("--where") == std::string::npos);
}

TEST_CASE("the nearest flag is found for slips and for beginnings") {
  CHECK(nearest_flag("wehre", kRun) == "where");
  CHECK(nearest_flag("watermrk", kRun) == "watermark");
  CHECK(nearest_flag("max-rows", kRun) == "max-rows-per-trigger");
  CHECK(nearest_flag("xyzzyplugh", kRun).empty());
  CHECK(nearest_flag("where", kStatus).empty());
}

TEST_CASE("man options and completions name every flag") {
  const std::string man = man_options(), bash = bash_completion(), zsh = zsh_completion();
  for (const Flag& flag : flags()) {
    if (flag.hidden) continue;
    const std::string name = "--" + std::string(flag.name);
    CAPTURE(name);
    CHECK(man.find(name + "\n") != std::string::npos);
    CHECK(bash.find(name) != std::string::npos);
    CHECK(zsh.find(name + "[") != std::string::npos);
  }
}

}  // namespace
}  // namespace tailrace::cli
