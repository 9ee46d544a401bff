#include "io/process.h"

#include <malloc.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <sched.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/check.h"

namespace tailrace::io {

namespace {

// REQUIRES: at most 256 bytes, which the kernel gives whole.
template <size_t kBytes>
std::array<unsigned char, kBytes> random_bytes() {
  static_assert(kBytes <= 256);
  std::array<unsigned char, kBytes> bytes{};
  ssize_t got = -1;
  do {
    got = ::getrandom(bytes.data(), kBytes, 0);
  } while (got < 0 && errno == EINTR);
  CHECK(got == static_cast<ssize_t>(kBytes));
  return bytes;
}

}  // namespace

int process_id() { return static_cast<int>(::getpid()); }

bool process_exists(int pid) { return ::kill(pid, 0) == 0 || errno == EPERM; }

int processor_count() {
  cpu_set_t usable;
  CPU_ZERO(&usable);
  if (::sched_getaffinity(0, sizeof usable, &usable) == 0) return std::max(1, CPU_COUNT(&usable));
  // More processors than a cpu_set_t has bits.
  return std::max(1, static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN)));
}

uint64_t peak_memory_bytes() {
  // Not getrusage: its peak is also that of whatever ran in this process before exec.
  std::FILE* status = std::fopen("/proc/self/status", "re");
  if (status == nullptr) return 0;
  unsigned long long kilobytes = 0;
  char line[256];
  while (std::fgets(line, sizeof line, status) != nullptr) {
    if (std::sscanf(line, "VmHWM: %llu kB", &kilobytes) == 1) break;
  }
  std::fclose(status);
  return static_cast<uint64_t>(kilobytes) * 1024;
}

std::string random_uuid() {
  auto bytes = random_bytes<16>();
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);  // version 4
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);  // RFC 4122
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

uint64_t random_seed() {
  uint64_t seed = 0;
  for (const unsigned char byte : random_bytes<8>()) seed = seed << 8 | byte;
  return seed;
}

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

void keep_freed_memory() {
#ifdef __GLIBC__
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
  ::mallopt(M_TOP_PAD, 1 << 20);
#endif
}

}  // namespace tailrace::io
