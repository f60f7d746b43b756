// Figures of an epoch's samples. core/figures/of-epochs.ts declares them under the same names.

#include <algorithm>
#include <cmath>

#include "engine/figures/figure.h"

namespace torchwright {
namespace {

using torch::Tensor;

/// Of a network's numbers, in float32.
Tensor error_of(const MeasuredBatch& batch) { return batch.output.detach().to(torch::kFloat32) - batch.labels; }

class MeanLoss : public EpochFigure {
 public:
  Tensor measure(const MeasuredBatch& batch) const override { return batch.loss; }
  /// Of a batch without weight the number is no mean but the sum, as Loss has it.
  void update(double number, std::int64_t, double weight) override { sum_ += weight > 0 ? number * weight : number; }
  double value() const override { return weight_ > 0 ? sum_ / weight_ : 0; }
  bool shows_divergence() const override { return true; }
  bool keeps_batches() const override { return true; }
};

/// The mean of the batches, however many samples they have.
class MeanGeneratorLoss : public EpochFigure {
 public:
  Tensor measure(const MeasuredBatch& batch) const override { return batch.generator_loss; }
  void update(double number, std::int64_t, double) override { sum_ += static_cast<float>(number); }
  double value() const override { return sum_ / static_cast<double>(std::max<std::int64_t>(count_, 1)); }
  bool shows_divergence() const override { return true; }
  bool keeps_batches() const override { return true; }
};

class MeanAbsolute : public EpochFigure {
 public:
  Tensor measure(const MeasuredBatch& batch) const override { return error_of(batch).abs().mean(); }
  bool shows_divergence() const override { return true; }
};

class RootMeanSquare : public EpochFigure {
 public:
  Tensor measure(const MeasuredBatch& batch) const override { return error_of(batch).square().mean(); }
  double value() const override { return std::sqrt(EpochFigure::value()); }
};

/// Rows whose largest output is at the label, on the CPU: quicker than argmax.
std::int64_t count_right(const Tensor& output, const Tensor& labels) {
  const Tensor rows = output.detach().to(torch::kFloat32).contiguous();
  const float* row = rows.data_ptr<float>();
  const std::int64_t* label = labels.data_ptr<std::int64_t>();
  const std::int64_t classes = rows.size(1);
  std::int64_t right = 0;
  for (std::int64_t index = 0; index < rows.size(0); ++index, row += classes)
    right += std::max_element(row, row + classes) - row == label[index];
  return right;
}

class Accuracy : public EpochFigure {
 public:
  Tensor measure(const MeasuredBatch& batch) const override {
    if (!batch.output.is_cpu()) return batch.output.argmax(1).eq(batch.labels).sum();
    return torch::scalar_tensor(count_right(batch.output, batch.labels), torch::kFloat64);
  }
  /// The number is a count.
  void update(double number, std::int64_t, double) override { sum_ += number; }
};

template <typename Figure>
std::unique_ptr<EpochFigure> make() {
  return std::make_unique<Figure>();
}

struct Entry {
  const char* name;
  std::vector<Task> tasks;
  std::unique_ptr<EpochFigure> (*make)();
};

/// A new figure is a class above and a line here.
const std::vector<Entry>& entries() {
  static const std::vector<Entry> all = {
      {"loss", {Task::classification, Task::regression, Task::adversarial}, make<MeanLoss>},
      {"generatorLoss", {Task::adversarial}, make<MeanGeneratorLoss>},
      {"meanAbsolute", {Task::regression}, make<MeanAbsolute>},
      {"rootMeanSquare", {Task::regression}, make<RootMeanSquare>},
      {"accuracy", {Task::classification}, make<Accuracy>},
  };
  return all;
}

}  // namespace

std::vector<NamedFigure> figures_of(Task task) {
  std::vector<NamedFigure> figures;
  for (const Entry& entry : entries()) {
    if (std::find(entry.tasks.begin(), entry.tasks.end(), task) != entry.tasks.end())
      figures.push_back({entry.name, entry.make()});
  }
  return figures;
}

}  // namespace torchwright
