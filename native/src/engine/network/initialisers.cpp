#include "engine/network/initialisers.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/runtime/failure.h"

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

double option_of(const InitialiserRule& rule, const char* option) { return rule.options.at(option); }

/// Glorot and Bengio 2010: variance 2 / (in + out); He et al. 2015: 1 / fan; both times gain².
void fill_by_fans(const InitialiserRule& rule, Tensor& tensor, torch::Generator& generator) {
  const bool xavier = rule.method.rfind("xavier", 0) == 0;
  const Fans fans = fans_of(tensor);
  const double fan = xavier ? (fans.in + fans.out) / 2 : rule.options.at("mode") == "fan_out" ? fans.out : fans.in;
  const double gain = xavier ? option_of(rule, "gain") : 1;
  const double deviation = gain * gain_of(rule.options.at("nonlinearity")) / std::sqrt(fan);
  if (rule.method == "xavier_normal" || rule.method == "kaiming_normal") {
    tensor.normal_(0, deviation, generator);
  } else {
    const double bound = std::sqrt(3.0) * deviation;
    tensor.uniform_(-bound, bound, generator);
  }
}

/// A normal distribution cut off at a and b, by the inverse of its distribution function.
void fill_truncated_normal(const InitialiserRule& rule, Tensor& tensor, torch::Generator& generator) {
  const double mean = option_of(rule, "mean");
  const double deviation = option_of(rule, "std");
  const double a = option_of(rule, "a");
  const double b = option_of(rule, "b");
  const auto below = [&](double limit) { return (1 + std::erf((limit - mean) / deviation / std::sqrt(2.0))) / 2; };
  const double lower = below(a);
  const double upper = below(b);
  tensor.uniform_(2 * lower - 1, 2 * upper - 1, generator);
  tensor.erfinv_().mul_(deviation * std::sqrt(2.0)).add_(mean).clamp_(a, b);
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
  tensor.copy_(result.reshape(tensor.sizes()).mul(option_of(rule, "gain")));
}

/// Martens 2010: in every column a part of the elements is 0, the others are normal.
void fill_sparse(const InitialiserRule& rule, Tensor& tensor, torch::Generator& generator) {
  tensor.normal_(0, option_of(rule, "std"), generator);
  const std::int64_t rows = tensor.size(0);
  const auto zeros = static_cast<std::int64_t>(std::ceil(option_of(rule, "sparsity") * static_cast<double>(rows)));
  for (std::int64_t column = 0; column < tensor.size(1); ++column) {
    const Tensor chosen = torch::randperm(rows, generator, torch::kInt64).slice(0, 0, zeros);
    tensor.select(1, column).index_fill_(0, chosen, 0);
  }
}

/// A convolution that hands its inputs on: within each of the groups channel k to channel k, at the kernel's middle.
/// Outputs beyond the inputs are zero, or as PyTorch initialises a convolution.
void fill_dirac(const InitialiserRule& rule, Tensor& tensor, torch::Generator& generator) {
  const std::int64_t groups = rule.options.at("groups");
  const std::int64_t per_group = tensor.size(0) / groups;
  if (rule.options.at("rest") == "default") {
    const double bound = 1 / std::sqrt(fans_of(tensor).in);
    tensor.uniform_(-bound, bound, generator);
    for (std::int64_t group = 0; group < groups; ++group)
      tensor.narrow(0, group * per_group, std::min(per_group, tensor.size(1))).zero_();
  } else {
    tensor.zero_();
  }
  for (std::int64_t group = 0; group < groups; ++group) {
    for (std::int64_t channel = 0; channel < std::min(per_group, tensor.size(1)); ++channel) {
      Tensor kernel = tensor[group * per_group + channel][channel];
      while (kernel.dim() > 0) kernel = kernel[kernel.size(0) / 2];
      kernel.fill_(1);
    }
  }
}

/// Patches of images as a convolution takes them, [values of a patch, patches].
Tensor patches_of(const Tensor& images, const Tensor& weight, const PlanNode& layer) {
  const auto dilation = layer.options.at("dilation").get<std::vector<std::int64_t>>();
  const Tensor columns = torch::im2col(images.to(torch::kFloat64), {weight.size(2), weight.size(3)}, dilation,
                                       /*padding=*/{0, 0}, /*stride=*/{1, 1});
  return columns.transpose(0, 1).reshape({columns.size(1), -1});
}

/// Jordan 2024 (arXiv 2404.00498, section 3.2): of E[x xᵀ] over all patches x of the first images, not taken off their
/// mean, the eigenvectors over the root of (eigenvalue + eps), the largest eigenvalue first; then their negatives.
void fill_with_whitening(const InitialiserRule& rule, Tensor& tensor, const TrainingSamples& training,
                         const PlanNode& layer) {
  const auto count = std::min(rule.options.at("samples").get<std::int64_t>(), training.count);
  if (count == 0) throw EngineFailure("badData", layer.path + ": whiten needs training images, and there are none.");
  // Each pixel begins a patch, whose values are doubles: of 64 MiB at once.
  const Tensor image = training.batch(0, 1)[0];
  const std::int64_t most = (1 << 23) / (tensor[0].numel() * image[0].numel());
  const std::int64_t at_once = std::max<std::int64_t>(1, most);
  Tensor products;
  double patches = 0;
  for (std::int64_t first = 0; first < count; first += at_once) {
    const Tensor taken = patches_of(training.batch(first, std::min(first + at_once, count)), tensor, layer);
    const Tensor product = taken.mm(taken.t());
    products = products.defined() ? products + product : product;
    patches += static_cast<double>(taken.size(1));
  }
  const auto [values, vectors] = torch::linalg_eigh((products / patches).cpu(), "U");
  const Tensor deviations = (values + option_of(rule, "eps")).sqrt();
  const Tensor filters = (vectors / deviations).t().flip(0);
  tensor.copy_(torch::cat({filters, -filters}).reshape(tensor.sizes()));
}

void fill_with_zeros(const InitialiserRule&, Tensor& tensor, torch::Generator&) { tensor.zero_(); }

void fill_with_ones(const InitialiserRule&, Tensor& tensor, torch::Generator&) { tensor.fill_(1); }

void fill_constant(const InitialiserRule& rule, Tensor& tensor, torch::Generator&) {
  tensor.fill_(option_of(rule, "value"));
}

void fill_normal(const InitialiserRule& rule, Tensor& tensor, torch::Generator& generator) {
  tensor.normal_(option_of(rule, "mean"), option_of(rule, "std"), generator);
}

void fill_between(const InitialiserRule& rule, Tensor& tensor, torch::Generator& generator) {
  tensor.uniform_(option_of(rule, "a"), option_of(rule, "b"), generator);
}

void fill_identity(const InitialiserRule&, Tensor& tensor, torch::Generator&) {
  tensor.copy_(torch::eye(tensor.size(0), tensor.size(1)));
}

bool is_anything(const InitialiserRule&, const Tensor&) { return true; }

bool is_matrix(const InitialiserRule&, const Tensor& tensor) { return tensor.dim() == 2; }

bool has_columns(const InitialiserRule&, const Tensor& tensor) { return tensor.dim() >= 2; }

bool is_grouped_kernel(const InitialiserRule& rule, const Tensor& tensor) {
  return tensor.dim() >= 3 && tensor.size(0) % rule.options.at("groups").get<std::int64_t>() == 0;
}

bool is_whitening_kernel(const InitialiserRule&, const Tensor& tensor) {
  return tensor.dim() == 4 && tensor.size(0) == 2 * tensor[0].numel();
}

struct Initialiser {
  void (*fill)(const InitialiserRule& rule, Tensor& tensor, torch::Generator& generator);
  bool (*suits)(const InitialiserRule& rule, const Tensor& tensor) = is_anything;
  std::string needed = "";  // in words
};

/// By the method's name.
const std::map<std::string, Initialiser>& initialisers() {
  static const std::map<std::string, Initialiser> all = {
      {"kaiming_normal", {fill_by_fans}},
      {"kaiming_uniform", {fill_by_fans}},
      {"xavier_normal", {fill_by_fans}},
      {"xavier_uniform", {fill_by_fans}},
      {"orthogonal", {fill_orthogonal, has_columns, "at least two dimensions"}},
      {"eye", {fill_identity, is_matrix, "a matrix"}},
      {"dirac", {fill_dirac, is_grouped_kernel, "a convolution whose outputs its groups divide"}},
      {"sparse", {fill_sparse, is_matrix, "a matrix"}},
      {"normal", {fill_normal}},
      {"uniform", {fill_between}},
      {"trunc_normal", {fill_truncated_normal}},
      {"zeros", {fill_with_zeros}},
      {"ones", {fill_with_ones}},
      {"constant", {fill_constant}},
  };
  return all;
}

struct SampleInitialiser {
  void (*fill)(const InitialiserRule& rule, Tensor& tensor, const TrainingSamples& training, const PlanNode& layer);
  bool (*suits)(const InitialiserRule& rule, const Tensor& tensor);
  std::string needed;
};

/// Those that fill from training samples, likewise.
const std::map<std::string, SampleInitialiser>& sample_initialisers() {
  static const std::map<std::string, SampleInitialiser> all = {
      {"whiten",
       {fill_with_whitening, is_whitening_kernel,
        "a two-dimensional convolution with twice as many outputs as values"}},
  };
  return all;
}

/// Throws EngineFailure `badNetwork` where the tensor does not suit, `badProject` where an option is missing.
template <typename Kind, typename... Given>
void fill_by(const Kind& initialiser, const InitialiserRule& rule, Tensor& tensor, const std::string& path,
             Given&... given) {
  try {
    if (!initialiser.suits(rule, tensor))
      throw EngineFailure("badNetwork",
                          path + ": " + rule.method + " needs " + initialiser.needed + "; the parameter is " +
                              c10::str(tensor.sizes()) + ".",
                          path);
    initialiser.fill(rule, tensor, given...);
  } catch (const Json::exception& error) {
    throw EngineFailure("badProject", std::string("The plan cannot be read: ") + error.what(), path);
  }
}

}  // namespace

Fans fans_of(const Tensor& tensor) {
  if (tensor.dim() < 2) return {1, 1};
  const double field = static_cast<double>(tensor[0][0].numel());
  return {static_cast<double>(tensor.size(1)) * field, static_cast<double>(tensor.size(0)) * field};
}

void apply_initialiser(const InitialiserRule& rule, Tensor& tensor, torch::Generator& generator,
                       const std::string& path) {
  const auto found = initialisers().find(rule.method);
  if (found == initialisers().end())
    throw EngineFailure("badNetwork", path + ": there is no initialiser called '" + rule.method + "'.", path);
  fill_by(found->second, rule, tensor, path, generator);
}

bool takes_samples(const InitialiserRule& rule) { return sample_initialisers().count(rule.method) > 0; }

void apply_to_samples(const InitialiserRule& rule, Tensor& tensor, const TrainingSamples& training,
                      const PlanNode& layer) {
  fill_by(sample_initialisers().at(rule.method), rule, tensor, layer.path, training, layer);
}

}  // namespace torchwright
