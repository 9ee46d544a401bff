#include "engine/workers.h"

#include <atomic>

namespace tailrace::engine {

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Workers::serve(size_t worker) {
  uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stop_ || round_ != seen; });
    if (stop_) return;
    seen = round_;
    const auto* task = task_;
    lock.unlock();
    (*task)(worker);
    lock.lock();
    if (--busy_ == 0) done_.notify_all();
  }
}

void Workers::run(const std::function<void(size_t)>& task) {
  {
    const std::lock_guard lock(mutex_);
    while (threads_.size() + 1 < count_) {
      const size_t worker = threads_.size() + 1;
      threads_.emplace_back([this, worker] { serve(worker); });
    }
    task_ = &task;
    busy_ = threads_.size();
    round_++;
  }
  wake_.notify_all();
  task(0);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] { return busy_ == 0; });
}

void Workers::for_each(size_t items, const std::function<void(size_t)>& task) {
  if (items <= 1 || count_ == 1) {
    for (size_t i = 0; i < items; i++) task(i);
    return;
  }
  std::atomic<size_t> next = 0;
  run([&](size_t) {
    for (size_t i = next++; i < items; i = next++) task(i);
  });
}

}  // namespace tailrace::engine
