#include "formats/json_writer.h"
#include "formats/row_format.h"

namespace tailrace::formats {
namespace {

// One compact object a line. The hot output path: nothing here allocates once `out` is warm.
class JsonLines : public RowFormat {
 public:
  JsonLines(const columns::Schema& schema, TimeZone zone)
      : shapes_(json_object_shape(schema)), zone_(std::move(zone)) {}

  void header(Buffer&) const override {}

  void rows(const columns::Batch& batch, columns::Rows selected, Buffer& out) const override {
    TextCursor cursor(out);
    JsonWriter writer(zone_, cursor);
    for (const uint32_t row : selected) {
      writer.object(shapes_, batch.columns, row);
      cursor.put('\n');
    }
  }

 private:
  std::vector<JsonShape> shapes_;
  TimeZone zone_;
};

}  // namespace

std::unique_ptr<RowFormat> jsonl_format(columns::Schema schema, TimeZone zone) {
  return std::make_unique<JsonLines>(schema, std::move(zone));
}

}  // namespace tailrace::formats
