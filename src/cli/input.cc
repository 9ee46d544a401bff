#include "cli/input.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "offsets/listing.h"

namespace tailrace::cli {
namespace {

constexpr size_t kSampleBytes = 1 << 20;
constexpr size_t kSampleLines = 1000;
constexpr int64_t kSampleUs = kMicrosPerSecond;

// Gives the sampled bytes first, then the stream's.
class ResumedStream final : public io::InputStream {
 public:
  ResumedStream(std::string sampled, std::unique_ptr<io::InputStream> stream)
      : sampled_(std::move(sampled)), stream_(std::move(stream)) {}

  Result<std::optional<size_t>> read(std::span<char> into, int64_t timeout_us) override {
    if (given_ == sampled_.size()) return stream_->read(into, timeout_us);
    const size_t count = std::min(into.size(), sampled_.size() - given_);
    std::memcpy(into.data(), sampled_.data() + given_, count);
    given_ += count;
    return count;
  }

 private:
  std::string sampled_;
  size_t given_ = 0;
  std::unique_ptr<io::InputStream> stream_;
};

bool is_stream(io::Filesystem& files, const std::string& operand) {
  const auto info = files.stat(operand);
  return info && *info && !(**info).is_regular && !(**info).is_directory;
}

std::vector<std::string> lines_of(std::string_view text, bool is_whole) {
  std::vector<std::string> lines;
  while (!text.empty() && lines.size() < kSampleLines) {
    const size_t end = text.find('\n');
    // A line that was cut off by the end of the sample says nothing.
    if (end == std::string_view::npos && !is_whole && !lines.empty()) break;
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

// How often a checkpointed pipe commits: --continuous says, else once a second.
int64_t gather_us(const Options& options) {
  if (options.trigger.kind == trigger::Trigger::Kind::kContinuous)
    return options.trigger.interval_us;
  return options.trigger.kind == trigger::Trigger::Kind::kNone ? kMicrosPerSecond : 0;
}

size_t count_lines(const std::string& text) {
  return static_cast<size_t>(std::ranges::count(text, '\n'));
}

}  // namespace

Result<Input> Input::choose(const Options& options, io::Filesystem& files, io::Clock& clock) {
  Input input(files, clock);
  for (const std::string& file : options.files)
    if (file != "-") input.operands_.push_back(file);
  const bool reads_standard =
      options.files.empty() || input.operands_.size() < options.files.size();
  if (reads_standard && io::standard_input_kind() == io::InputKind::kFile) {
    input.standard_file_ = TRY(io::standard_input_file());
    const auto path = files.real_path("/dev/stdin");
    if (path) input.standard_path_ = *path;
    return input;
  }
  if (reads_standard) {
    if (!input.operands_.empty())
      return usage_error(
          "-: a pipe on standard input cannot be read together with files; use "
          "`cat` to join them, or redirect a file");
    input.stream_ = io::standard_input();
    input.is_pipe_ = true;
    return input;
  }
  const bool stream = std::ranges::any_of(
      input.operands_, [&](const std::string& operand) { return is_stream(files, operand); });
  if (!stream) return input;
  if (input.operands_.size() > 1)
    return usage_error(fmt::format("{}: a pipe or device cannot be read together with files",
                                   input.operands_.front()));
  input.stream_name_ = input.operands_.front();
  input.stream_ = TRY(io::open_input_stream(input.stream_name_));
  input.is_pipe_ = true;
  return input;
}

Result<std::vector<std::string>> Input::sample() {
  const std::string text = TRY(is_pipe() ? sample_stream() : sample_files());
  return lines_of(text, text.size() < kSampleBytes);
}

Result<std::string> Input::sample_stream() {
  std::optional<int64_t> deadline;  // set by the first bytes
  std::vector<char> buffer(64 << 10);
  while (sampled_.size() < kSampleBytes && count_lines(sampled_) < kSampleLines) {
    const int64_t wait_us = deadline ? *deadline - clock_->monotonic_us() : -1;
    if (deadline && wait_us <= 0) break;
    const std::optional<size_t> count = TRY(stream_->read(buffer, wait_us));
    if (!count || *count == 0) break;
    sampled_.append(buffer.data(), *count);
    if (!deadline) deadline = clock_->monotonic_us() + kSampleUs;
  }
  return sampled_;
}

Result<std::string> Input::sample_files() {
  std::string text;
  const auto add = [&](const io::File& file, uint64_t begin) -> Status {
    const size_t at = text.size();
    text.resize(kSampleBytes);
    text.resize(at + TRY(file.read_at(begin, {text.data() + at, kSampleBytes - at})));
    if (!text.empty() && text.back() != '\n' && text.size() < kSampleBytes) text.push_back('\n');
    return {};
  };
  if (standard_file_) TRY(add(*standard_file_, io::standard_input_position()));
  std::vector<offsets::ListedFile> listed = TRY(offsets::Listing(*files_, operands_).list());
  std::ranges::stable_sort(listed, {},
                           [](const offsets::ListedFile& file) { return file.info.modified_us; });
  for (const offsets::ListedFile& file : listed) {
    if (text.size() >= kSampleBytes || count_lines(text) >= kSampleLines) break;
    const auto opened = TRY(files_->open(file.path, io::OpenMode::kRead));
    TRY(add(*opened, 0));
  }
  return text;
}

Result<std::unique_ptr<offsets::Source>> Input::make_source(
    const Options& options, const std::string& spool_directory,
    std::function<void(const std::string&)> notice) {
  const bool finite_trigger = options.trigger.kind == trigger::Trigger::Kind::kOnce ||
                              options.trigger.kind == trigger::Trigger::Kind::kAvailableNow;
  if (is_pipe()) {
    offsets::PipeSourceOptions pipe;
    pipe.name = stream_name_;
    pipe.spool_directory = spool_directory;
    pipe.whole = finite_trigger;
    if (!spool_directory.empty()) pipe.gather_us = gather_us(options);
    pipe.line_bytes_max = options.line_bytes_max;
    auto stream = std::make_unique<ResumedStream>(std::move(sampled_), std::move(stream_));
    return std::make_unique<offsets::PipeSource>(std::move(stream), *files_, *clock_,
                                                 std::move(pipe));
  }
  offsets::FileSourceOptions source;
  source.operands = operands_;
  if (standard_file_)
    source.standard_input = {std::move(standard_file_), standard_path_,
                             io::standard_input_position()};
  source.has_checkpoint = !options.checkpoint.empty();
  source.freeze = finite_trigger;
  source.order =
      options.order == FileOrder::kName ? offsets::FileOrder::kName : offsets::FileOrder::kModified;
  source.one_partition = options.order != FileOrder::kSeparate;
  source.on_data_loss = options.on_data_loss == DataLoss::kWarn ? offsets::OnDataLoss::kWarn
                                                                : offsets::OnDataLoss::kFail;
  source.notice = std::move(notice);
  return std::make_unique<offsets::FileSource>(*files_, *clock_, std::move(source));
}

}  // namespace tailrace::cli
