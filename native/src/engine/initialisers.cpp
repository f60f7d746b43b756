#include "initialisers.h"

#include <algorithm>
#include <cmath>

#include "failure.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// torch.nn.init.calculate_gain. Leaky ReLU's slope is that function's default, .01.
double gain_of(const std::string& nonlinearity) {
  if (nonlinearity == "tanh") return 5.0 / 3.0;
  if (nonlinearity == "relu") return std::sqrt(2.0);
  if (nonlinearity == "leaky_relu") return std::sqrt(2.0 / (1 + 0.01 * 0.01));
  if (nonlinearity == "selu") return 0.75;
  return 1;  // linear, sigmoid
}

/// Glorot and Bengio 2010: variance 2 / (in + out); He et al. 2015: 1 / fan; both times gain².
void fill_by_fans(const InitialiserRule& rule, Tensor& tensor, torch::Generator& generator) {
  const bool xavier = rule.method.rfind("xavier", 0) == 0;
  const std::string nonlinearity = !rule.nonlinearity.empty() ? rule.nonlinearity : xavier ? "linear" : "leaky_relu";
  const Fans fans = fans_of(tensor);
  const double fan = xavier ? (fans.in + fans.out) / 2 : rule.mode == "fan_out" ? fans.out : fans.in;
  const double deviation = rule.gain * gain_of(nonlinearity) / std::sqrt(fan);
  if (rule.method == "xavier_normal" || rule.method == "kaiming_normal") {
    tensor.normal_(0, deviation, generator);
  } else {
    const double bound = std::sqrt(3.0) * deviation;
    tensor.uniform_(-bound, bound, generator);
  }
}

/// A normal distribution cut off at a and b, by the inverse of its distribution function.
void fill_truncated_normal(const InitialiserRule& rule, Tensor& tensor, torch::Generator& generator) {
  const auto below = [&](double limit) { return (1 + std::erf((limit - rule.mean) / rule.std / std::sqrt(2.0))) / 2; };
  const double lower = below(rule.a);
  const double upper = below(rule.b);
  tensor.uniform_(2 * lower - 1, 2 * upper - 1, generator);
  tensor.erfinv_().mul_(rule.std * std::sqrt(2.0)).add_(rule.mean).clamp_(rule.a, rule.b);
}

/// Saxe et al. 2013: rows, or columns if there are fewer of them, are orthogonal to one another. Further dimensions
/// count as columns.
void fill_orthogonal(const InitialiserRule& rule, Tensor& tensor, torch::Generator& generator) {
  const std::int64_t rows = tensor.size(0);
  const std::int64_t columns = tensor.numel() / rows;
  Tensor flat = torch::empty({rows, columns}).normal_(0, 1, generator);
  if (rows < columns) flat = flat.t();
  const auto [q, r] = torch::linalg_qr(flat);
  // The signs make the distribution uniform (Mezzadri 2007).
  Tensor result = q * r.diagonal().sign();
  if (rows < columns) result = result.t();
  tensor.copy_(result.reshape(tensor.sizes()).mul(rule.gain));
}

/// Martens 2010: in every column a part of the elements is 0, the others are normal.
void fill_sparse(const InitialiserRule& rule, Tensor& tensor, torch::Generator& generator) {
  tensor.normal_(0, rule.std, generator);
  const std::int64_t rows = tensor.size(0);
  const auto zeros = static_cast<std::int64_t>(std::ceil(rule.sparsity * static_cast<double>(rows)));
  for (std::int64_t column = 0; column < tensor.size(1); ++column) {
    const Tensor chosen = torch::randperm(rows, generator, torch::kInt64).slice(0, 0, zeros);
    tensor.select(1, column).index_fill_(0, chosen, 0);
  }
}

/// A convolution that hands its inputs on: within each of the groups channel k to channel k, at the kernel's middle.
void fill_dirac(const InitialiserRule& rule, Tensor& tensor) {
  tensor.zero_();
  const std::int64_t per_group = tensor.size(0) / rule.groups;
  for (std::int64_t group = 0; group < rule.groups; ++group) {
    for (std::int64_t channel = 0; channel < std::min(per_group, tensor.size(1)); ++channel) {
      Tensor kernel = tensor[group * per_group + channel][channel];
      while (kernel.dim() > 0) kernel = kernel[kernel.size(0) / 2];
      kernel.fill_(1);
    }
  }
}

void require_dimensions(bool suits, const InitialiserRule& rule, const Tensor& tensor, const std::string& path,
                        const std::string& needed) {
  if (!suits)
    throw EngineFailure(
        "badNetwork",
        path + ": " + rule.method + " needs " + needed + "; the parameter is " + c10::str(tensor.sizes()) + ".", path);
}

}  // namespace

Fans fans_of(const Tensor& tensor) {
  if (tensor.dim() < 2) return {1, 1};
  const double field = static_cast<double>(tensor[0][0].numel());
  return {static_cast<double>(tensor.size(1)) * field, static_cast<double>(tensor.size(0)) * field};
}

void apply_initialiser(const InitialiserRule& rule, Tensor& tensor, torch::Generator& generator,
                       const std::string& path) {
  const std::string& method = rule.method;
  if (method.rfind("xavier", 0) == 0 || method.rfind("kaiming", 0) == 0) {
    fill_by_fans(rule, tensor, generator);
  } else if (method == "normal") {
    tensor.normal_(rule.mean, rule.std, generator);
  } else if (method == "uniform") {
    tensor.uniform_(rule.a, rule.b, generator);
  } else if (method == "trunc_normal") {
    fill_truncated_normal(rule, tensor, generator);
  } else if (method == "zeros") {
    tensor.zero_();
  } else if (method == "ones") {
    tensor.fill_(1);
  } else if (method == "constant") {
    tensor.fill_(rule.value);
  } else if (method == "eye") {
    require_dimensions(tensor.dim() == 2, rule, tensor, path, "a matrix");
    tensor.copy_(torch::eye(tensor.size(0), tensor.size(1)));
  } else if (method == "sparse") {
    require_dimensions(tensor.dim() == 2, rule, tensor, path, "a matrix");
    fill_sparse(rule, tensor, generator);
  } else if (method == "orthogonal") {
    require_dimensions(tensor.dim() >= 2, rule, tensor, path, "at least two dimensions");
    fill_orthogonal(rule, tensor, generator);
  } else if (method == "dirac") {
    require_dimensions(tensor.dim() >= 3 && tensor.size(0) % rule.groups == 0, rule, tensor, path,
                       "a convolution whose outputs its groups divide");
    fill_dirac(rule, tensor);
  } else {
    throw EngineFailure("badNetwork", path + ": there is no initialiser called '" + method + "'.", path);
  }
}

}  // namespace torchwright
