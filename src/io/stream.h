// Streams: standard input and output and other open descriptors (pipes, terminals), behind two
// interfaces so that tests can stand in. Single-threaded each.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/filesystem.h"

namespace tailrace::io {

class InputStream {
 public:
  virtual ~InputStream() = default;
  // Waits up to timeout_us (0: does not wait; negative: for ever) for bytes, then reads what is
  // there, at most into.size(). Nullopt: nothing came in time, or a signal woke us. 0: the end.
  virtual Result<std::optional<size_t>> read(std::span<char> into, int64_t timeout_us) = 0;
};

class OutputStream {
 public:
  virtual ~OutputStream() = default;
  // Writes all of it; waits for a slow reader. A closed reader is ErrorKind::kClosed, a full disk
  // kFull.
  virtual Status write(std::string_view bytes) = 0;
  virtual bool is_terminal() const = 0;
};

enum class InputKind { kPipe, kFile, kTerminal, kNothing };

// Opens /dev/null in place of a closed descriptor 0, 1 or 2, so that no file of ours gets its
// number and receives what was meant for the terminal. Call first of all, from main.
void reserve_standard_descriptors();

// What standard input is: kFile for a redirected regular file (its real_path() is that of
// /dev/stdin), kNothing for a closed one. /dev/null is a pipe that ends at once.
InputKind standard_input_kind();

// REQUIRES: standard_input_kind() is kFile. The file, and where to begin in it: a shell may have
// read part of it before (`{ read header; tailrace; } < FILE`).
Result<std::unique_ptr<File>> standard_input_file();
uint64_t standard_input_position();

// A named pipe, /dev/fd/N (process substitution) or device given as FILE; waits for its writer.
Result<std::unique_ptr<InputStream>> open_input_stream(const std::string& path);

// Pipes are enlarged to 1 MiB (F_SETPIPE_SZ; failure ignored).
std::unique_ptr<InputStream> standard_input();
std::unique_ptr<OutputStream> standard_output();
std::unique_ptr<OutputStream> standard_error();
// An already open descriptor, for --progress FD; not closed.
std::unique_ptr<OutputStream> descriptor_output(int descriptor);

}  // namespace tailrace::io
