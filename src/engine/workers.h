// Workers: the threads of a run; the only place that starts any. Started when first needed, so that
// a small input never pays for them; joined by the destructor. run() is for one caller at a time.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tailrace::engine {

class Workers {
 public:
  explicit Workers(size_t count) : count_(count) {}
  ~Workers();

  size_t count() const { return count_; }
  // Calls task(worker) once for each worker number below count(), side by side; the caller is
  // worker 0. Returns when all are done.
  void run(const std::function<void(size_t)>& task);
  // Calls task(i) for each i below `items`, spread over the workers in no fixed order.
  void for_each(size_t items, const std::function<void(size_t)>& task);

 private:
  void serve(size_t worker);

  size_t count_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  const std::function<void(size_t)>* task_ = nullptr;
  uint64_t round_ = 0;
  size_t busy_ = 0;
  bool stop_ = false;
};

}  // namespace tailrace::engine
