// Facts about this process and machine that are not in any file: ids, cores, memory, environment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tailrace::io {

int process_id();
bool process_exists(int pid);
int processor_count();         // that this process may use (affinity), at least 1
uint64_t peak_memory_bytes();  // VmHWM
std::string random_uuid();     // RFC 4122 version 4, from the kernel
uint64_t random_seed();
std::optional<std::string> environment(const std::string& name);

// Lets the allocator keep what is freed for what comes next: fresh pages from the kernel cost more
// than anything else that closing a window does. Call once, first of all, from main.
void keep_freed_memory();

}  // namespace tailrace::io
