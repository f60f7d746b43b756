#include <algorithm>

#include "engine/data/image_change.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// DeVries and Taylor 2017: a square around a random pixel becomes 0, cut at the borders.
class Cutout : public ImageChange {
 public:
  explicit Cutout(const Json& options) : size_(options.at("size")) {}

  std::vector<std::string> choice_names() const override { return {"cut_y", "cut_x"}; }

  std::vector<Tensor> draw(std::int64_t positions, std::int64_t height, std::int64_t width,
                           torch::Generator& generator) const override {
    const Tensor y = torch::randint(height, {positions}, generator, torch::kInt64);
    return {y, torch::randint(width, {positions}, generator, torch::kInt64)};
  }

  void change(Tensor& images, const std::vector<Tensor>& choices) const override {
    const std::int64_t half = size_ / 2;
    const auto within = [&](const Tensor& centre, std::int64_t size) {
      const Tensor distance = torch::arange(size, centre.options()).unsqueeze(0) - centre.unsqueeze(1);
      return (distance >= -half).logical_and(distance < size_ - half);
    };
    const Tensor rows = within(choices[0], images.size(2)).unsqueeze(2);
    const Tensor columns = within(choices[1], images.size(3)).unsqueeze(1);
    images.masked_fill_(rows.logical_and(columns).unsqueeze(1), 0);
  }

  void change_on_cpu(Tensor& images, const std::vector<Tensor>& choices) const override {
    const std::int64_t half = size_ / 2;
    auto pixels = images.accessor<float, 4>();
    const auto centre_y = choices[0].accessor<std::int64_t, 1>();
    const auto centre_x = choices[1].accessor<std::int64_t, 1>();
    for (std::int64_t image = 0; image < pixels.size(0); ++image) {
      const std::int64_t top = centre_y[image] - half;
      const std::int64_t left = centre_x[image] - half;
      const std::int64_t bottom = std::min(top + size_, pixels.size(2));
      const std::int64_t right = std::min(left + size_, pixels.size(3));
      for (std::int64_t channel = 0; channel < pixels.size(1); ++channel)
        for (std::int64_t y = std::max<std::int64_t>(top, 0); y < bottom; ++y)
          for (std::int64_t x = std::max<std::int64_t>(left, 0); x < right; ++x) pixels[image][channel][y][x] = 0;
    }
  }

 private:
  const std::int64_t size_;
};

const RegisteredImageChange kCutout = registered_change<Cutout>("cutout");

}  // namespace
}  // namespace torchwright
