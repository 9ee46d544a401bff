#include "crash/sweep.h"

#include <random>

#include <fmt/format.h>

namespace tailrace::test {
namespace {

constexpr int64_t kStartUs = 1'700'000'000'000'000;

const char* name_of(Loss loss) {
  return loss == Loss::kNone ? "none" : loss == Loss::kStrict ? "strict" : "partial";
}

std::string make_row(std::mt19937_64& random, int64_t second) {
  static constexpr const char* kValues[] = {"0.1", "1e16", "-1e16", "3.5", "null", "0.2", "7"};
  const auto of = [&](uint64_t bound) { return random() % bound; };
  switch (of(14)) {
    case 0: return "{\"ts\":17000,\"k\":\"b";
    case 1: return fmt::format("{{\"k\":\"a\",\"v\":1.5,\"n\":{}}}", second);
    case 2: return fmt::format("{{\"ts\":{},\"k\":\"a\",\"v\":\"seven\",\"n\":\"x\"}}", second);
    default: break;
  }
  const int64_t behind = of(6) == 0 ? static_cast<int64_t>(of(25)) : static_cast<int64_t>(of(4));
  return fmt::format("{{\"ts\":{},\"k\":\"{}\",\"v\":{},\"n\":{},\"u\":\"user {}\"}}",
                     second - behind, "abc"[of(3)], kValues[of(7)], of(100), of(4));
}

// The first difference, with what stands there.
std::string difference(const std::string& expected, const std::string& got) {
  size_t at = 0;
  while (at < expected.size() && at < got.size() && expected[at] == got[at]) ++at;
  const size_t begin = at < 100 ? 0 : at - 100;
  const auto around = [&](const std::string& text) {
    return begin < text.size() ? text.substr(begin, 300) : std::string();
  };
  return fmt::format("{} bytes expected, {} got; about byte {}:\n  expected: {}\n  got:      {}",
                     expected.size(), got.size(), at, around(expected), around(got));
}

// A plan or a commit without what may differ: the counts of lines that positions carry are a cache,
// which a process that replayed a batch lacks, and the checksum covers them.
std::string without_counts(std::string record) {
  static constexpr std::string_view kLines = ",\"lines\":";
  for (size_t at; (at = record.find(kLines)) != std::string::npos;)
    record.erase(at, record.find_first_of(",}", at + 1) - at);
  return record.substr(0, record.rfind("crc32"));
}

}  // namespace

std::vector<Step> make_steps(size_t steps, size_t rows_a_step, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Step> made(steps);
  int64_t second = 1'700'000'000;
  std::string rest;  // of the line that was left unfinished
  for (size_t step = 0; step < steps; ++step) {
    std::string a, b;
    // The first batch has rows of both files: one that was listed and not begun gets another number
    // in the positions after a crash, and the checkpoints could not be compared.
    const size_t rows = step == 0 ? 3 : rows_a_step;
    for (size_t row = 0; row < rows; ++row) {
      second += static_cast<int64_t>(random() % 5);
      (row % 3 == 2 ? b : a) += make_row(random, second) + "\n";
    }
    const std::string last = make_row(random, second) + "\n";
    a = rest + a + last.substr(0, 9);
    rest = last.substr(9);
    if (step + 1 == steps) a += rest;
    made[step].appended = {{"/in/a.log", a}, {"/in/b.log", b}};
  }
  made.back().at_eof = engine::AtEof::kClose;
  return made;
}

Sweep::Sweep(JobCase one, std::vector<Step> steps, SweepOptions options)
    : job_(std::move(one)), steps_(std::move(steps)), options_(std::move(options)) {}

void Sweep::put_input(MemoryFilesystem& disk, size_t step) const {
  for (const auto& [path, bytes] : steps_[step].appended) disk.add(path, bytes);
}

Status Sweep::run_step(MemoryFilesystem& disk, size_t step) {
  std::unique_ptr<io::Filesystem> between;
  if (options_.between) between = options_.between(disk);
  engine::Outcome outcome;
  const WallTime start{kStartUs + static_cast<int64_t>(step) * 60'000'000};
  return job_.run(between ? *between : disk, steps_[step].at_eof, start, outcome);
}

size_t Sweep::run_until_failure(MemoryFilesystem& disk, size_t step, Status& failure) {
  for (; step < steps_.size(); ++step) {
    put_input(disk, step);
    failure = run_step(disk, step);
    // A failure that nobody heard of is followed by another run of the step all the same.
    if (!failure || disk.crashed()) return step;
  }
  return step;
}

std::string Sweep::tell() {
  MemoryFilesystem disk;
  disk.put("/out/.keep", "");
  for (size_t step = 0; step < steps_.size(); ++step) {
    put_input(disk, step);
    if (const Status status = run_step(disk, step); !status)
      return fmt::format("step {} without a crash: {}", step, status.error().message);
    marks_.push_back({disk.bytes(kJobOutput), disk.bytes(kJobLedger)});
  }
  files_ = kept_files(disk);
  operations_ = disk.operations();
  return "";
}

Sweep::Files Sweep::kept_files(const MemoryFilesystem& disk) const {
  Files kept;
  for (const std::string& path : disk.paths()) {
    if (!path.starts_with(kJobCheckpoint) || path.ends_with(".tmp")) continue;
    if (path.ends_with("/progress") || path.ends_with("/lock") || path.ends_with("/error"))
      continue;
    const bool is_record = path.contains("/offsets/") || path.contains("/commits/");
    kept[path] = is_record ? without_counts(disk.bytes(path)) : disk.bytes(path);
  }
  return kept;
}

std::string Sweep::compare(const MemoryFilesystem& disk, size_t step) const {
  const Mark& mark = marks_[step];
  if (disk.bytes(kJobOutput) != mark.output)
    return fmt::format("after step {} the output differs: {}", step,
                       difference(mark.output, disk.bytes(kJobOutput)));
  if (disk.bytes(kJobLedger) != mark.ledger)
    return fmt::format("after step {} the ledger differs: {}", step,
                       difference(mark.ledger, disk.bytes(kJobLedger)));
  if (step + 1 < steps_.size() || !options_.compares_checkpoints) return "";
  const Files now = kept_files(disk);
  for (const auto& [path, bytes] : files_) {
    const auto found = now.find(path);
    if (found == now.end()) return path + ": missing in the end";
    if (found->second != bytes) return path + " differs: " + difference(bytes, found->second);
  }
  for (const auto& [path, bytes] : now)
    if (!files_.contains(path)) return path + ": was not there without the crash";
  return "";
}

// Runs the step again and then the rest, comparing after each.
std::string Sweep::finish(MemoryFilesystem& disk, size_t step) {
  const size_t first = step;
  for (; step < steps_.size(); ++step) {
    if (step > first) put_input(disk, step);
    if (const Status status = run_step(disk, step); !status)
      return fmt::format("step {}: {}", step, status.error().message);
    if (std::string wrong = compare(disk, step); !wrong.empty()) return wrong;
  }
  // Every sync is in its place, so nothing of ours is ever found torn.
  if (!job_.notices().empty()) return "repaired: " + job_.notices().front();
  if (!options_.cuts_power_at_the_end) return "";
  return compare(disk.after_crash(Loss::kStrict), steps_.size() - 1);
}

std::string Sweep::crash_again(const MemoryFilesystem& crashed, Loss loss, uint64_t seed,
                               size_t step) {
  for (uint64_t n = 0;; n += options_.again_stride) {
    MemoryFilesystem disk = crashed.after_crash(loss, seed);
    disk.crash_at(n);
    Status failure = run_step(disk, step);
    if (!disk.crashed()) return failure ? "" : failure.error().message;
    ++crashes_;
    for (const Loss second : {Loss::kStrict, Loss::kPartial}) {
      MemoryFilesystem next = disk.after_crash(second, seed + n);
      if (std::string wrong = finish(next, step); !wrong.empty())
        return fmt::format("again at operation {} (loss {}): {}", n, name_of(second), wrong);
    }
  }
}

std::string Sweep::crash_everywhere() {
  for (uint64_t n = 0; n < operations_; n += options_.stride) {
    MemoryFilesystem disk;
    disk.put("/out/.keep", "");
    disk.crash_at(n);
    Status failure;
    const size_t step = run_until_failure(disk, 0, failure);
    if (!disk.crashed()) return fmt::format("operation {} never came", n);
    for (const Loss loss : options_.losses) {
      const uint64_t seed = options_.seed + n;
      const auto place = [&] {
        return fmt::format("{}: crash at operation {} of {} in step {} ({}), loss {} (seed {}): ",
                           job_.job_case().name, n, operations_, step,
                           failure ? "unheard" : failure.error().message, name_of(loss), seed);
      };
      ++crashes_;
      MemoryFilesystem next = disk.after_crash(loss, seed);
      if (std::string wrong = finish(next, step); !wrong.empty()) return place() + wrong;
      if (options_.again_stride == 0 || loss == Loss::kNone || n % options_.again_stride != 0)
        continue;
      if (std::string wrong = crash_again(disk, loss, seed, step); !wrong.empty())
        return place() + wrong;
    }
  }
  return "";
}

std::string Sweep::fail_everywhere(ErrorKind kind) {
  for (uint64_t n = 1; n <= operations_; n += options_.stride) {
    MemoryFilesystem disk;
    disk.put("/out/.keep", "");
    disk.fail_at(n, kind);
    Status failure;
    const size_t step = run_until_failure(disk, 0, failure);
    const std::string place = fmt::format(
        "{}: operation {} of {} failed in step {}: ", job_.job_case().name, n, operations_, step);
    if (step == steps_.size()) return place + "and the run did not say so";
    if (!failure.error().message.starts_with("/"))
      return place + "the message names no path: " + failure.error().message;
    if (kind == ErrorKind::kFull && failure.error().kind != ErrorKind::kFull)
      return place + "not as a full disk: " + failure.error().message;
    for (size_t at = step; at < steps_.size(); ++at) {
      if (at > step) put_input(disk, at);
      if (const Status status = run_step(disk, at); !status)
        return place + fmt::format("then step {}: {}", at, status.error().message);
      if (std::string wrong = compare(disk, at); !wrong.empty())
        return place + failure.error().message + ": " + wrong;
    }
  }
  return "";
}

}  // namespace tailrace::test
