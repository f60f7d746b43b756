#include "augment_images.h"

#include "arguments.h"
#include "engine/data/augmented.h"
#include "engine/runtime/failure.h"
#include "promised_work.h"
#include "values.h"

namespace torchwright {
namespace {

torch::Tensor images_argument(const Napi::CallbackInfo& info) {
  if (info.Length() < 4 || !info[0].IsTypedArray() || !info[1].IsArray() || !info[3].IsNumber())
    throw Napi::TypeError::New(info.Env(), "augmentImages needs pixels, the shape of an image, settings and a seed");
  auto pixels = info[0].As<Napi::Uint8Array>();
  const auto sizes = info[1].As<Napi::Array>();
  std::vector<std::int64_t> shape{1};
  for (std::uint32_t index = 0; index < sizes.Length(); ++index)
    shape.push_back(sizes.Get(index).As<Napi::Number>().Int64Value());
  const std::int64_t size = c10::multiply_integers(shape);
  const auto bytes = static_cast<std::int64_t>(pixels.ElementLength());
  if (shape.size() != 4 || size < 1 || bytes % size != 0)
    throw Napi::TypeError::New(info.Env(), "the pixels are no images of that shape");
  shape[0] = bytes / size;
  return torch::from_blob(pixels.Data(), shape, torch::kUInt8).clone();
}

Json settings_argument(const std::string& text) {
  try {
    return Json::parse(text);
  } catch (const Json::exception& error) {
    throw EngineFailure("badProject", error.what());
  }
}

}  // namespace

Napi::Value augment_images_value(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const torch::Tensor images = images_argument(info);
  const auto settings = argument<std::string>(info, 2);
  const auto seed = static_cast<std::uint64_t>(info[3].As<Napi::Number>().Int64Value());
  const AugmentedEpoch epoch =
      with_errors(env, [&] { return augment_images(images, settings_argument(settings), seed); });
  return object_of(env, "order", epoch.order, "images", epoch.images);
}

}  // namespace torchwright
