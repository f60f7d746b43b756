#include "engine/data/batches.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

#include "engine/data/gather.h"
#include "engine/formats/array_file.h"
#include "engine/runtime/step_profile.h"

namespace torchwright {

using torch::Tensor;
using torch::indexing::None;
using torch::indexing::Slice;

std::vector<std::pair<std::string, Tensor*>> EpochOrder::parts() {
  std::vector<std::pair<std::string, Tensor*>> all = {
      {"order", &order}, {"crop_y", &crop_y}, {"crop_x", &crop_x}, {"flip", &flip}};
  for (auto& [name, choices] : of_changes) all.emplace_back(name, &choices);
  return all;
}

EpochOrder EpochOrder::to(const torch::Device& device) const {
  EpochOrder moved = *this;
  for (auto& [name, tensor] : moved.parts()) {
    if (tensor->defined()) *tensor = tensor->to(device);
  }
  return moved;
}

BatchSource::BatchSource(Split split, std::vector<double> scale, std::vector<double> offset, Augmentation augment,
                         bool channels_last, const torch::Device& device)
    : split_(std::move(split)),
      scale_(std::move(scale)),
      offset_(std::move(offset)),
      augment_(std::move(augment)),
      changes_(make_image_changes(augment_)),
      channels_last_(channels_last && split_.images.dim() == 4),
      device_(device) {
  std::vector<std::int64_t> beside(static_cast<std::size_t>(split_.images.dim()), 1);
  beside[1] = -1;
  const auto per_channel = [&](const std::vector<double>& values) {
    return torch::tensor(values, torch::kFloat32).view(beside).to(split_.images.device());
  };
  scale_tensor_ = per_channel(scale_);
  offset_tensor_ = per_channel(offset_);
  if (split_.is_mapped) ahead_ = std::make_unique<ReadAhead<BatchKey, Batch>>();
}

std::int64_t BatchSource::positions() const { return split_.samples() * (augment_.flipped_copies ? 2 : 1); }

torch::MemoryFormat BatchSource::layout() const {
  return channels_last_ ? torch::MemoryFormat::ChannelsLast : torch::MemoryFormat::Contiguous;
}

/// Which images are flipped in this epoch, by their numbers in `order`. Drawn from a generator of its own, so that
/// every epoch, and a training that is resumed, draws the same. Jordan 2024, arXiv 2404.00498, section 3.6.
Tensor BatchSource::alternating_flips(const Tensor& order, const FlipTurn& turn) const {
  constexpr std::uint64_t kApart = 0x9e3779b97f4a7c15;  // from the training's own generator, seeded alike
  at::Generator generator = at::detail::createCPUGenerator(turn.seed ^ kApart);
  const Tensor first = torch::rand({positions()}, generator) < augment_.flip_probability;
  const Tensor now = turn.epoch % 2 == 0 ? first : first.logical_not();
  return now.index_select(0, order);
}

EpochOrder BatchSource::draw_epoch(bool shuffle, torch::Generator& generator, const FlipTurn& turn) const {
  const std::int64_t count = positions();
  const auto below = [&](std::int64_t end) { return torch::randint(end, {count}, generator, torch::kInt64); };
  EpochOrder epoch = undrawn_epoch();
  epoch.order = shuffle ? torch::randperm(count, generator, torch::kInt64) : torch::arange(count, torch::kInt64);
  if (augment_.crop_padding > 0) {
    epoch.crop_y = below(2 * augment_.crop_padding + 1);
    epoch.crop_x = below(2 * augment_.crop_padding + 1);
  }
  if (augment_.flip_alternates) {
    epoch.flip = alternating_flips(epoch.order, turn);
  } else if (augment_.flip_probability > 0) {
    epoch.flip = torch::rand({count}, generator) < augment_.flip_probability;
  }
  auto choices = epoch.of_changes.begin();
  for (const auto& change : changes_) {
    for (Tensor& drawn : change->draw(count, split_.images.size(2), split_.images.size(3), generator))
      (choices++)->second = std::move(drawn);
  }
  return epoch.to(split_.images.device());
}

EpochOrder BatchSource::undrawn_epoch() const {
  EpochOrder epoch;
  for (const auto& change : changes_) {
    for (const std::string& name : change->choice_names()) epoch.of_changes.emplace_back(name, Tensor());
  }
  return epoch;
}

std::vector<std::vector<Tensor>> BatchSource::choices_of(const EpochOrder& epoch, std::int64_t first,
                                                         std::int64_t last) const {
  std::vector<std::vector<Tensor>> all;
  auto choices = epoch.of_changes.begin();
  for (const auto& change : changes_) {
    std::vector<Tensor>& own = all.emplace_back();
    for (std::size_t left = change->choice_names().size(); left > 0; --left)
      own.push_back((choices++)->second.slice(0, first, last));
  }
  return all;
}

Tensor BatchSource::normalise(const Tensor& images) const {
  // Floats may be the split itself, which stays as it is.
  const Tensor scaled = are_bytes() ? images.to(torch::kFloat32).mul_(scale_tensor_) : images.mul(scale_tensor_);
  return scaled.add_(offset_tensor_).contiguous(layout());
}

Batch BatchSource::plain_batch(std::int64_t first, std::int64_t last) const {
  const auto make = [this](std::int64_t from, std::int64_t to) -> Batch {
    return {normalise(split_.images.slice(0, from, to)), split_.labels.slice(0, from, to)};
  };
  return ahead_ ? streamed({}, first, last, split_.samples(), make) : make(first, last);
}

Batch BatchSource::training_batch(const EpochOrder& epoch, std::int64_t first, std::int64_t last) const {
  const TimedPart timed(StepPart::data);
  if (!ahead_) return make_training_batch(epoch, first, last);
  return streamed(epoch.order, first, last, positions(), [this, epoch](std::int64_t from, std::int64_t to) {
    const Tensor rows = epoch.order.slice(0, from, to).remainder(split_.samples());
    expect_rows(split_.images, rows.data_ptr<std::int64_t>(), rows.size(0));
    return make_training_batch(epoch, from, to);
  });
}

/// A batch of a mapped split, on the device; the one that follows is then begun. `make` holds all it needs.
Batch BatchSource::streamed(const Tensor& order, std::int64_t first, std::int64_t last, std::int64_t end,
                            Make make) const {
  const auto ready = [this, make](std::int64_t from, std::int64_t to) {
    const torch::NoGradGuard no_grad;
    const Batch batch = make(from, to);
    return device_.is_cpu() ? batch : Batch{batch.images.pin_memory(), batch.labels.pin_memory()};
  };
  const void* name = order.defined() ? order.data_ptr() : nullptr;
  const Batch batch = ahead_->take({name, first, last}, [&] { return ready(first, last); });
  const std::int64_t next_last = std::min(last + (last - first), end);
  if (last < end) ahead_->expect({name, last, next_last}, [ready, last, next_last] { return ready(last, next_last); });
  if (device_.is_cpu()) return batch;
  return {batch.images.to(device_, /*non_blocking=*/true), batch.labels.to(device_, /*non_blocking=*/true)};
}

Batch BatchSource::make_training_batch(const EpochOrder& epoch, std::int64_t first, std::int64_t last) const {
  if (!are_bytes()) return training_batch_of_floats(epoch, first, last);
  return split_.images.is_cpu() ? training_batch_on_cpu(epoch, first, last)
                                : training_batch_by_tensors(epoch, first, last);
}

/// Nothing of a table is augmented.
Batch BatchSource::training_batch_of_floats(const EpochOrder& epoch, std::int64_t first, std::int64_t last) const {
  const Tensor sample = epoch.order.slice(0, first, last);
  return {normalise(split_.images.index_select(0, sample)), split_.labels.index_select(0, sample)};
}

Batch BatchSource::training_batch_on_cpu(const EpochOrder& epoch, std::int64_t first, std::int64_t last) const {
  const Tensor& images = split_.images;
  const std::int64_t count = last - first;
  Batch batch;
  batch.images = torch::empty({count, images.size(1), images.size(2), images.size(3)},
                              torch::TensorOptions(torch::kFloat32).memory_format(layout()));
  const std::int64_t samples = split_.samples();
  const bool are_classes = split_.labels.scalar_type() == torch::kInt64;
  batch.labels = are_classes ? torch::empty({count}, torch::kInt64)
                             : split_.labels.index_select(0, epoch.order.slice(0, first, last).remainder(samples));
  const std::int64_t* order = epoch.order.data_ptr<std::int64_t>() + first;
  const auto choice = [first](const Tensor& choices) {
    return choices.defined() ? choices.data_ptr<std::int64_t>() + first : nullptr;
  };
  const std::int64_t* crop_y = choice(epoch.crop_y);
  const std::int64_t* crop_x = choice(epoch.crop_x);
  const bool* flip = epoch.flip.defined() ? epoch.flip.data_ptr<bool>() + first : nullptr;
  const std::int64_t* labels = are_classes ? split_.labels.data_ptr<std::int64_t>() : nullptr;
  std::int64_t* batch_labels = are_classes ? batch.labels.data_ptr<std::int64_t>() : nullptr;
  const ImageGather gather(images, batch.images, scale_, offset_, augment_);

  constexpr std::int64_t kAhead = 2;  // images: shuffled, each lies elsewhere in memory
  const std::int64_t pixels = images.size(1) * images.size(2) * images.size(3);
  // A batch that is made ahead is made by one thread, beside those that compute.
  const std::int64_t grain = ahead_ ? count : std::max<std::int64_t>(1, 32768 / pixels);
  at::parallel_for(0, count, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t index = begin; index < end; ++index) {
      if (index + kAhead < end) {
        const std::int64_t next = order[index + kAhead] % samples;
        gather.prefetch(next);
        if (are_classes) __builtin_prefetch(labels + next);
      }
      GatherChoice chosen;
      chosen.sample = order[index] % samples;
      chosen.mirrored = order[index] >= samples;
      if (crop_y != nullptr) {
        chosen.shift_y = crop_y[index] - augment_.crop_padding;
        chosen.shift_x = crop_x[index] - augment_.crop_padding;
      }
      chosen.flipped = flip != nullptr && flip[index];
      gather.copy_image(chosen, index);
      if (are_classes) batch_labels[index] = labels[chosen.sample];
    }
  });
  const TimedPart timed(StepPart::augmentation);
  const auto choices = choices_of(epoch, first, last);
  for (std::size_t index = 0; index < changes_.size(); ++index)
    changes_[index]->change_on_cpu(batch.images, choices[index]);
  return batch;
}

namespace {

/// Source positions of one dimension, [batch, size], and whether they lie within the image.
struct Positions {
  Tensor index;
  Tensor inside;  // undefined where all do
};

Positions map_positions(Tensor wanted, std::int64_t size, const std::string& mode) {
  if (mode == "reflect") {
    wanted = wanted.abs();
    return {torch::where(wanted >= size, 2 * size - 2 - wanted, wanted), {}};
  }
  const Tensor clamped = wanted.clamp(0, size - 1);
  if (mode == "replicate") return {clamped, {}};
  return {clamped, wanted == clamped};
}

}  // namespace

Batch BatchSource::training_batch_by_tensors(const EpochOrder& epoch, std::int64_t first, std::int64_t last) const {
  if (!are_bytes()) return training_batch_of_floats(epoch, first, last);
  Batch batch = gathered_by_tensors(epoch, first, last);
  const TimedPart timed(StepPart::augmentation);
  const auto choices = choices_of(epoch, first, last);
  for (std::size_t index = 0; index < changes_.size(); ++index) changes_[index]->change(batch.images, choices[index]);
  return batch;
}

Batch BatchSource::gathered_by_tensors(const EpochOrder& epoch, std::int64_t first, std::int64_t last) const {
  const Tensor& images = split_.images;
  const std::int64_t samples = split_.samples();
  const std::int64_t height = images.size(2);
  const std::int64_t width = images.size(3);
  const auto options = torch::TensorOptions(torch::kInt64).device(images.device());
  const auto of_batch = [&](const Tensor& choices) { return choices.slice(0, first, last).unsqueeze(1); };
  const Tensor order = epoch.order.slice(0, first, last);
  const Tensor sample = augment_.flipped_copies ? order.remainder(samples) : order;
  Batch batch;
  batch.labels = split_.labels.index_select(0, sample);
  if (!augment_.moves_pixels()) {
    batch.images = normalise(images.index_select(0, sample));
    return batch;
  }

  Tensor rows = torch::arange(height, options).unsqueeze(0).expand({last - first, height});
  Tensor columns = torch::arange(width, options).unsqueeze(0).expand({last - first, width});
  if (epoch.flip.defined()) columns = torch::where(of_batch(epoch.flip), width - 1 - columns, columns);
  Tensor inside;
  if (epoch.crop_y.defined()) {
    const Positions y =
        map_positions(rows + of_batch(epoch.crop_y) - augment_.crop_padding, height, augment_.crop_mode);
    const Positions x =
        map_positions(columns + of_batch(epoch.crop_x) - augment_.crop_padding, width, augment_.crop_mode);
    rows = y.index;
    columns = x.index;
    if (y.inside.defined()) inside = y.inside.unsqueeze(2).logical_and(x.inside.unsqueeze(1)).unsqueeze(1);
  }
  if (augment_.flipped_copies) columns = torch::where((order >= samples).unsqueeze(1), width - 1 - columns, columns);

  const Tensor channels = torch::arange(images.size(1), options);
  Tensor pixels =
      images.index({sample.view({-1, 1, 1, 1}), channels.view({1, -1, 1, 1}),
                    rows.index({Slice(), None, Slice(), None}), columns.index({Slice(), None, None, Slice()})});
  if (inside.defined()) pixels = pixels.mul(inside);
  batch.images = normalise(pixels);
  return batch;
}

}  // namespace torchwright
