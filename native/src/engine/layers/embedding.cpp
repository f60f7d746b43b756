#include "engine/layers/function_layer.h"
#include "engine/layers/layer_builders.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// Whole numbers from 0 to `count` - 1, as they come in a tensor of floats too; refuses anything else. libtorch itself
/// would read outside of the table on some devices.
Tensor whole_numbers(const Tensor& x, std::int64_t count) {
  const Tensor numbers = x.to(torch::kInt64).contiguous();
  TORCH_CHECK(!x.is_floating_point() || x.eq(numbers).all().item<bool>(),
              "takes whole numbers, and gets some that are not");
  const auto [lowest, highest] = torch::aminmax(numbers);
  const auto low = lowest.item<std::int64_t>();
  const auto high = highest.item<std::int64_t>();
  TORCH_CHECK(low >= 0 && high < count, "takes whole numbers from 0 to ", count - 1, ", gets ", low < 0 ? low : high);
  return numbers;
}

/// Embedding and EmbeddingBag: a table with a row for each whole number.
class Table : public Module {
 public:
  explicit Table(ParameterBuilder& builder) {
    const Json& options = builder.node().options;
    rows_ = options.at("num_embeddings");
    weight_ = builder.parameter("weight", {rows_, options.at("embedding_dim")}, ParameterKind::weight);
    if (!options.at("padding_idx").is_null()) {
      padding_ = options.at("padding_idx").get<std::int64_t>();
      TORCH_CHECK(*padding_ < rows_ && *padding_ >= -rows_, "padding_idx ", *padding_, " is no row of ", rows_);
      if (*padding_ < 0) *padding_ += rows_;
    }
    if (!options.at("max_norm").is_null()) max_norm_ = options.at("max_norm").get<double>();
    norm_type_ = options.at("norm_type");
    scales_by_frequency_ = options.at("scale_grad_by_freq");
  }

 protected:
  /// Scales rows that are used down to the largest norm, in the table itself, as PyTorch does.
  Tensor weight(const Tensor& numbers, ForwardContext& context) const {
    Tensor table = context.store.parameter(weight_);
    if (max_norm_) {
      const torch::NoGradGuard no_grad;
      torch::embedding_renorm_(table, numbers, *max_norm_, norm_type_);
    }
    return table;
  }

  std::int64_t rows_;
  std::optional<std::int64_t> padding_;
  bool scales_by_frequency_;

 private:
  int weight_;
  std::optional<double> max_norm_;
  double norm_type_;
};

class Embedding : public Table {
 public:
  using Table::Table;

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    const Tensor numbers = whole_numbers(x, rows_);
    return torch::embedding(weight(numbers, context), numbers, padding_.value_or(-1), scales_by_frequency_, false);
  }
  bool output_is_free() const override { return true; }
};

class EmbeddingBag : public Table {
 public:
  explicit EmbeddingBag(ParameterBuilder& builder) : Table(builder) {
    const std::string mode = builder.node().options.at("mode");
    mode_ = mode == "sum" ? 0 : mode == "mean" ? 1 : 2;
    TORCH_CHECK(mode_ != 2 || !scales_by_frequency_, "max cannot scale gradients by frequency");
  }

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    TORCH_CHECK(x.dim() == 2, "expects 2 dimensions with the batch, gets ", x.dim());
    const Tensor numbers = whole_numbers(x, rows_).flatten();
    const Tensor starts = torch::arange(0, x.numel(), x.size(1), numbers.options());
    return std::get<0>(torch::embedding_bag(weight(numbers, context), numbers, starts, scales_by_frequency_, mode_,
                                            false, {}, false, padding_));
  }

 private:
  std::int64_t mode_;
};

/// Rows for the places of a sequence: [1, rows, cols].
class EmbedPosition : public Module {
 public:
  explicit EmbedPosition(ParameterBuilder& builder) {
    const Json& options = builder.node().options;
    columns_ = options.at("cols");
    added_ = options.at("added");
    rows_ = builder.parameter("pos", {1, options.at("rows"), columns_}, ParameterKind::weight);
  }

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    TORCH_CHECK(x.dim() == 3 || (x.dim() == 2 && !added_), "expects 3 dimensions with the batch, gets ", x.dim());
    const Tensor rows = context.store.parameter(rows_).narrow(1, 0, x.size(1));
    if (!added_) return rows.expand({x.size(0), x.size(1), columns_});
    TORCH_CHECK(x.size(2) == columns_, "adds ", columns_, " numbers to ", x.size(2));
    return x + rows;
  }

 private:
  std::int64_t columns_;
  bool added_;
  int rows_;
};

/// A row for each whole number and one for its place, added.
class EmbedSequence : public Module {
 public:
  explicit EmbedSequence(ParameterBuilder& builder) {
    const Json& options = builder.node().options;
    const std::int64_t columns = options.at("cols");
    rows_ = options.at("rows");
    tokens_ = builder.parameter("tok.weight", {rows_, columns}, ParameterKind::weight);
    positions_ = builder.parameter("pos.pos", {1, options.at("length"), columns}, ParameterKind::weight);
  }

  Tensor forward(const Tensor& x, ForwardContext& context) override {
    TORCH_CHECK(x.dim() == 2, "expects 2 dimensions with the batch, gets ", x.dim());
    const Tensor places = context.store.parameter(positions_).narrow(1, 0, x.size(1));
    return torch::embedding(context.store.parameter(tokens_), whole_numbers(x, rows_)) + places;
  }
  bool output_is_free() const override { return true; }

 private:
  std::int64_t rows_;
  int tokens_;
  int positions_;
};

ModulePointer build_one_hot(ParameterBuilder& builder) {
  const std::int64_t classes = builder.node().options.at("num_classes");
  return from_function([=](const Tensor& x) {
    const auto type = x.is_floating_point() ? x.scalar_type() : torch::kFloat32;
    return torch::one_hot(whole_numbers(x, classes), classes).to(type);
  });
}

}  // namespace

LayerBuilders embedding_builders() {
  return {
      {"Embedding", built_as<Embedding>()},
      {"EmbeddingBag", built_as<EmbeddingBag>()},
      {"EmbedPosition", built_as<EmbedPosition>()},
      {"EmbedSequence", built_as<EmbedSequence>()},
      {"OneHot", build_one_hot},
  };
}

}  // namespace torchwright
