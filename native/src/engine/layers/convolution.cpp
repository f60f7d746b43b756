#include <algorithm>
#include <vector>

#include "engine/kernels/weight_gradient.h"
#include "engine/kernels/winograd.h"
#include "engine/layers/layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;
using Sizes = std::vector<std::int64_t>;

/// Whether a window of a dilated convolution meets nothing but padding, along any dimension. For such a window oneDNN
/// reads memory that is not there (AVX-512, libtorch 2.13; Python too dies of it). Padding first computes the same.
/// `around`: before and after of the last dimension, then of the one before it.
bool has_empty_window(const Tensor& x, const Tensor& weight, const Sizes& stride, const Sizes& dilation,
                      const Sizes& around) {
  const std::size_t dimensions = stride.size();
  if (!x.is_cpu() || x.dim() != weight.dim()) return false;
  if (std::all_of(dilation.begin(), dilation.end(), [](std::int64_t step) { return step == 1; })) return false;
  for (std::size_t dimension = 0; dimension < dimensions; ++dimension) {
    const auto at = static_cast<std::int64_t>(dimension) + 2;
    const std::size_t side = 2 * (dimensions - 1 - dimension);
    const std::int64_t size = x.size(at), before = around[side], taps = weight.size(at);
    if (before == 0 && around[side + 1] == 0) continue;
    const std::int64_t last = size + around[side + 1] - dilation[dimension] * (taps - 1);
    for (std::int64_t start = -before; start < last; start += stride[dimension]) {
      bool meets = false;
      for (std::int64_t tap = 0; tap < taps && !meets; ++tap) {
        const std::int64_t position = start + tap * dilation[dimension];
        meets = position >= 0 && position < size;
      }
      if (!meets) return true;
    }
  }
  return false;
}

class Conv2d : public Module {
 public:
  explicit Conv2d(ParameterBuilder& builder) {
    const Json& options = builder.node().options;
    const std::int64_t in = options.at("in_channels");
    const std::int64_t out = options.at("out_channels");
    const auto kernel = options.at("kernel_size").get<Sizes>();
    stride_ = options.at("stride").get<Sizes>();
    dilation_ = options.at("dilation").get<Sizes>();
    groups_ = options.at("groups");
    TORCH_CHECK(groups_ > 0 && in % groups_ == 0 && out % groups_ == 0, "cannot split ", in, " input and ", out,
                " output channels into ", groups_, " groups");
    padding_mode_ = options.at("padding_mode");
    set_padding(options.at("padding"), kernel);
    weight_ = builder.parameter("weight", {out, in / groups_, kernel[0], kernel[1]}, ParameterKind::weight);
    if (options.at("bias")) bias_ = builder.parameter("bias", {out}, ParameterKind::bias);
  }

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    const Tensor& weight = context.store.parameter(weight_);
    const Tensor bias = bias_ < 0 ? Tensor() : context.store.parameter(bias_);
    if (padding_mode_ != "zeros" || has_empty_window(x, weight, stride_, dilation_, around_))
      return convolve(pad(x), weight, bias, {0, 0});
    if (is_plain() && around_ == Sizes{1, 1, 1, 1} && suits_quick_gradient(x, weight))
      return convolve_with_quick_gradient(x, weight, bias);
    if (same_) return torch::conv2d(x, weight, bias, stride_, "same", dilation_, groups_);
    return convolve(x, weight, bias, {around_[2], around_[0]});
  }
  bool output_is_free() const override { return true; }

 private:
  /// The weight gradient of a 1x1 convolution that skips pixels, of fewer channels than a vector register has lanes
  /// and channels-last, writes past its buffer (oneDNN in libtorch 2.13; Python too dies of it). Taking the pixels
  /// first computes the same.
  Tensor convolve(const Tensor& x, const Tensor& weight, const Tensor& bias, const Sizes& padding) const {
    const bool skips = stride_[0] > 1 || stride_[1] > 1;
    const bool is_unsafe =
        skips && weight.size(1) < 16 && weight.size(2) * weight.size(3) == 1 && padding == Sizes{0, 0} && x.is_cpu();
    if (is_plain() && padding[0] == padding[1] && suits_winograd(x, weight, padding[0]))
      return convolve_by_winograd(x, weight, bias, padding[0]);
    if (!is_unsafe) return torch::conv2d(x, weight, bias, stride_, padding, dilation_, groups_);
    const Tensor taken = x.slice(2, 0, std::nullopt, stride_[0]).slice(3, 0, std::nullopt, stride_[1]);
    return torch::conv2d(taken, weight, bias, Sizes{1, 1}, padding, dilation_, groups_);
  }

  bool is_plain() const { return stride_ == Sizes{1, 1} && dilation_ == Sizes{1, 1} && groups_ == 1; }

  /// `around_` is left, right, top, bottom, as torch.nn.functional.pad takes it.
  void set_padding(const Json& padding, const Sizes& kernel) {
    if (padding.is_array()) {
      const auto pair = padding.get<Sizes>();
      around_ = {pair[1], pair[1], pair[0], pair[0]};
    } else if (padding == "same") {
      same_ = true;
      TORCH_CHECK(stride_[0] == 1 && stride_[1] == 1, "padding 'same' goes with stride 1 only, not ", stride_);
      for (int dimension = 0; dimension < 2; ++dimension) {
        // The odd one of an even kernel goes to the right and the bottom, as in PyTorch.
        const std::int64_t total = dilation_[dimension] * (kernel[dimension] - 1);
        const std::size_t at = dimension == 0 ? 2 : 0;
        around_[at] = total / 2;
        around_[at + 1] = total - total / 2;
      }
    }
  }

  Tensor pad(const Tensor& x) const {
    namespace F = torch::nn::functional;
    F::PadFuncOptions options(around_);
    if (padding_mode_ == "zeros") return F::pad(x, options);
    if (padding_mode_ == "reflect") return F::pad(x, options.mode(torch::kReflect));
    if (padding_mode_ == "replicate") return F::pad(x, options.mode(torch::kReplicate));
    return F::pad(x, options.mode(torch::kCircular));
  }

  Sizes stride_;
  Sizes dilation_;
  Sizes around_{0, 0, 0, 0};
  std::int64_t groups_;
  std::string padding_mode_;
  bool same_ = false;
  int weight_;
  int bias_ = -1;
};

/// Along one dimension or three; PyTorch's own path.
class Convolution : public Module {
 public:
  Convolution(ParameterBuilder& builder, std::size_t dimensions) : dimensions_(dimensions) {
    const Json& options = builder.node().options;
    const std::int64_t in = options.at("in_channels");
    const std::int64_t out = options.at("out_channels");
    const auto kernel = options.at("kernel_size").get<Sizes>();
    stride_ = options.at("stride").get<Sizes>();
    dilation_ = options.at("dilation").get<Sizes>();
    groups_ = options.at("groups");
    TORCH_CHECK(groups_ > 0 && in % groups_ == 0 && out % groups_ == 0, "cannot split ", in, " input and ", out,
                " output channels into ", groups_, " groups");
    padding_mode_ = options.at("padding_mode");
    set_padding(options.at("padding"), kernel);
    Sizes shape{out, in / groups_};
    shape.insert(shape.end(), kernel.begin(), kernel.end());
    weight_ = builder.parameter("weight", shape, ParameterKind::weight);
    if (options.at("bias")) bias_ = builder.parameter("bias", {out}, ParameterKind::bias);
  }

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    const Tensor& weight = context.store.parameter(weight_);
    const Tensor bias = bias_ < 0 ? Tensor() : context.store.parameter(bias_);
    const bool is_padded_first = !pads_itself_ || has_empty_window(x, weight, stride_, dilation_, around_);
    const Tensor padded = is_padded_first ? pad(x) : x;
    const Sizes padding = is_padded_first ? Sizes(dimensions_, 0) : padding_;
    if (dimensions_ == 1) return torch::conv1d(padded, weight, bias, stride_, padding, dilation_, groups_);
    return torch::conv3d(padded, weight, bias, stride_, padding, dilation_, groups_);
  }
  bool output_is_free() const override { return true; }

 private:
  /// `around_` is before and after of the last dimension, then of the one before it, as torch.nn.functional.pad takes
  /// it.
  void set_padding(const Json& padding, const Sizes& kernel) {
    padding_ = Sizes(dimensions_, 0);
    around_ = Sizes(2 * dimensions_, 0);
    const bool same = padding == "same";
    for (std::size_t dimension = 0; dimension < dimensions_; ++dimension) {
      TORCH_CHECK(!same || stride_[dimension] == 1, "padding 'same' goes with stride 1 only, not ", stride_);
      const std::int64_t added = padding.is_array() ? padding[dimension].get<std::int64_t>() : 0;
      // The odd one of an even kernel goes to the end, as in PyTorch.
      const std::int64_t total = same ? dilation_[dimension] * (kernel[dimension] - 1) : 2 * added;
      const std::size_t at = 2 * (dimensions_ - 1 - dimension);
      around_[at] = total / 2;
      around_[at + 1] = total - total / 2;
    }
    pads_itself_ = padding_mode_ == "zeros" && !same;
    if (!pads_itself_) return;
    for (std::size_t dimension = 0; dimension < dimensions_; ++dimension)
      padding_[dimension] = around_[2 * (dimensions_ - 1 - dimension)];
  }

  Tensor pad(const Tensor& x) const {
    namespace F = torch::nn::functional;
    F::PadFuncOptions options(around_);
    if (padding_mode_ == "zeros") return F::pad(x, options);
    if (padding_mode_ == "reflect") return F::pad(x, options.mode(torch::kReflect));
    if (padding_mode_ == "replicate") return F::pad(x, options.mode(torch::kReplicate));
    return F::pad(x, options.mode(torch::kCircular));
  }

  std::size_t dimensions_;
  Sizes stride_;
  Sizes dilation_;
  Sizes padding_;
  Sizes around_;
  std::int64_t groups_;
  std::string padding_mode_;
  bool pads_itself_ = true;
  int weight_;
  int bias_ = -1;
};

class TransposedConvolution : public Module {
 public:
  TransposedConvolution(ParameterBuilder& builder, std::size_t dimensions) : dimensions_(dimensions) {
    const Json& options = builder.node().options;
    const std::int64_t in = options.at("in_channels");
    const std::int64_t out = options.at("out_channels");
    const auto kernel = options.at("kernel_size").get<Sizes>();
    stride_ = options.at("stride").get<Sizes>();
    padding_ = options.at("padding").get<Sizes>();
    output_padding_ = options.at("output_padding").get<Sizes>();
    dilation_ = options.at("dilation").get<Sizes>();
    groups_ = options.at("groups");
    TORCH_CHECK(groups_ > 0 && in % groups_ == 0 && out % groups_ == 0, "cannot split ", in, " input and ", out,
                " output channels into ", groups_, " groups");
    Sizes shape{in, out / groups_};
    shape.insert(shape.end(), kernel.begin(), kernel.end());
    weight_ = builder.parameter("weight", shape, ParameterKind::weight);
    if (options.at("bias")) bias_ = builder.parameter("bias", {out}, ParameterKind::bias);
  }

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    const Tensor& weight = context.store.parameter(weight_);
    const Tensor bias = bias_ < 0 ? Tensor() : context.store.parameter(bias_);
    refuse_nothing_left(x, weight);
    return convolve(x, weight, bias);
  }
  bool output_is_free() const override { return true; }

 private:
  /// Where nothing is left libtorch gives an empty tensor, or oneDNN an error of its own kind.
  void refuse_nothing_left(const Tensor& x, const Tensor& weight) const {
    const auto sides = static_cast<std::int64_t>(dimensions_);
    if (x.dim() != sides + 2) return;
    for (std::int64_t side = 0; side < sides; ++side) {
      const auto at = static_cast<std::size_t>(side);
      const std::int64_t reach = dilation_[at] * (weight.size(side + 2) - 1) + 1;
      const std::int64_t size = (x.size(side + 2) - 1) * stride_[at] - 2 * padding_[at] + reach + output_padding_[at];
      TORCH_CHECK(size > 0, "the padding ", padding_, " cuts everything off");
    }
  }

  Tensor convolve(const Tensor& x, const Tensor& weight, const Tensor& bias) const {
    if (dimensions_ == 1)
      return torch::conv_transpose1d(x, weight, bias, stride_, padding_, output_padding_, groups_, dilation_);
    if (dimensions_ == 2)
      return torch::conv_transpose2d(x, weight, bias, stride_, padding_, output_padding_, groups_, dilation_);
    return torch::conv_transpose3d(x, weight, bias, stride_, padding_, output_padding_, groups_, dilation_);
  }

  std::size_t dimensions_;
  Sizes stride_;
  Sizes padding_;
  Sizes output_padding_;
  Sizes dilation_;
  std::int64_t groups_;
  int weight_;
  int bias_ = -1;
};

template <typename Layer>
LayerBuilder along(std::size_t dimensions) {
  return [=](ParameterBuilder& builder) { return std::make_unique<Layer>(builder, dimensions); };
}

}  // namespace

LayerBuilders convolution_builders() {
  return {
      {"Conv1d", along<Convolution>(1)},
      {"Conv2d", built_as<Conv2d>()},
      {"Conv3d", along<Convolution>(3)},
      {"ConvTranspose1d", along<TransposedConvolution>(1)},
      {"ConvTranspose2d", along<TransposedConvolution>(2)},
      {"ConvTranspose3d", along<TransposedConvolution>(3)},
  };
}

}  // namespace torchwright
