// Writes a clickstream in the guide's schema to standard output, the same for the same arguments:
//
//   clickstream [rows=2000000] [users=100000] [seed=1]
//
// About 280 bytes a row over two hours of event time. Irregular on purpose, so that no reader can
// take a short cut: users follow Zipf's law; 80 % of rows are out of order by up to 2 s, 19 % by up
// to a minute, 1 % by up to 10 minutes; product_id is null unless something is bought or looked at;
// 3 % have an extra key, 1 % an escape in page_url, 0.5 % another order of keys.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr int64_t kStartMs = 1'714'557'600'000;  // 2024-05-01T10:00:00Z
constexpr int64_t kSpanMs = 2 * 3600 * 1000;

// std distributions differ between libraries; these do not.
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  uint64_t below(uint64_t limit) { return engine_() % limit; }
  double unit() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  bool chance(double share) { return unit() < share; }

 private:
  std::mt19937_64 engine_;
};

// Ranks 1..n with weight 1/rank, by bisection in the sums.
class Zipf {
 public:
  explicit Zipf(size_t n) {
    double sum = 0;
    for (size_t rank = 1; rank <= n; rank++)
      sums_.push_back(sum += 1.0 / static_cast<double>(rank));
  }
  size_t draw(Random& random) const {
    const double at = random.unit() * sums_.back();
    size_t low = 0;
    size_t high = sums_.size() - 1;
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (sums_[middle] < at)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }

 private:
  std::vector<double> sums_;
};

std::string timestamp(int64_t ms) {
  const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[80];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900,
                parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                static_cast<int>(ms % 1000));
  return text;
}

int64_t delay_ms(Random& random) {
  const double which = random.unit();
  if (which < 0.80) return static_cast<int64_t>(random.below(2'000));
  if (which < 0.99) return static_cast<int64_t>(random.below(60'000));
  return static_cast<int64_t>(random.below(600'000));
}

std::string page(Random& random) {
  static const char* const kEscapes[] = {"\\\"quoted\\\"", "a\\/b", "caf\\u00e9"};
  std::string url = "https://shop.example.com/category/" + std::to_string(random.below(40)) +
                    "/item/" + std::to_string(random.below(5'000));
  if (random.chance(0.01)) url += std::string("?q=") + kEscapes[random.below(3)];
  return url;
}

std::string field(const char* name, const std::string& value) {
  return "\"" + std::string(name) + "\":\"" + value + "\"";
}

std::string row(Random& random, const Zipf& zipf, int64_t now_ms) {
  static const char* const kEvents[] = {"page_view", "page_view", "page_view",  "page_view",
                                        "click",     "click",     "click",      "scroll",
                                        "search",    "purchase",  "add_to_cart"};
  static const char* const kDevices[] = {"mobile", "desktop", "tablet"};
  const size_t user = zipf.draw(random);
  const std::string event = random.chance(0.25) ? "click" : kEvents[random.below(11)];
  const bool has_product = event == "purchase" || event == "click" || event == "add_to_cart";
  char session[32];
  std::snprintf(session, sizeof session, "s%08zx%04llx", user * 2654435761U % 4294967296U,
                static_cast<unsigned long long>(now_ms / 1'800'000 % 65536));
  const std::string time = field("timestamp", timestamp(now_ms - delay_ms(random)));
  const std::string type = field("event_type", event);
  std::string text =
      "{" + field("user_id", "user_" + std::to_string(user)) + "," + field("session_id", session);
  const bool swapped = random.chance(0.005);
  text += "," + (swapped ? time : type) + "," + field("page_url", page(random));
  if (random.chance(0.03)) text += "," + field("referrer", "https://search.example.org/");
  text += has_product ? "," + field("product_id", "p" + std::to_string(random.below(10'000)))
                      : ",\"product_id\":null";
  text += "," + (swapped ? type : time) + "," + field("device_type", kDevices[random.below(3)]);
  char address[32];
  std::snprintf(address, sizeof address, "10.%d.%d.%d", static_cast<int>(user >> 16 & 255),
                static_cast<int>(user >> 8 & 255), static_cast<int>(user & 255));
  return text + "," + field("ip_address", address) + "}\n";
}

}  // namespace

int main(int argc, char** argv) {
  const long rows = argc > 1 ? std::atol(argv[1]) : 2'000'000;
  const long users = argc > 2 ? std::atol(argv[2]) : 100'000;
  Random random(argc > 3 ? static_cast<uint64_t>(std::atoll(argv[3])) : 1);
  const Zipf zipf(static_cast<size_t>(users));
  for (long i = 0; i < rows; i++) {
    const int64_t now_ms =
        kStartMs + static_cast<int64_t>(static_cast<double>(kSpanMs) * static_cast<double>(i) /
                                        static_cast<double>(rows));
    const std::string text = row(random, zipf, now_ms);
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
