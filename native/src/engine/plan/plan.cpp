#include "engine/plan/plan.h"

#include "engine/runtime/failure.h"

namespace torchwright {
namespace {

std::unique_ptr<PlanNode> parse_part(const Json& json, const char* name) {
  const auto part = json.find(name);
  if (part == json.end() || part->is_null()) return nullptr;
  return std::make_unique<PlanNode>(parse_plan_node(*part));
}

SplitFiles parse_split(const Json& json) {
  SplitFiles split;
  split.format = json.at("format");
  if (split.format == "idx") {
    split.images = json.at("images");
    split.labels = json.at("labels");
  } else if (split.format == "cifar10") {
    split.files = json.at("files").get<std::vector<std::string>>();
  } else if (split.format == "arrays") {
    split.inputs = json.at("inputs");
    split.targets = json.at("targets");
  }
  return split;
}

PlanData parse_data(const Json& json) {
  PlanData data;
  data.train = parse_split(json.at("train"));
  data.test = parse_split(json.at("test"));
  data.classes = json.at("classes");
  if (const auto targets = json.find("targets"); targets != json.end()) data.targets = *targets;
  const Json& normalise = json.at("normalise");
  data.compute_normalisation = normalise.at("kind") == "computed";
  if (!data.compute_normalisation) {
    data.scale = normalise.at("scale").get<std::vector<double>>();
    data.offset = normalise.at("offset").get<std::vector<double>>();
  }
  data.augment = parse_augmentation(json.at("augment"));
  data.shuffle = json.at("shuffle");
  return data;
}

OptimizerSettings parse_optimizer(const Json& json) {
  OptimizerSettings optimizer;
  optimizer.type = json.at("type");
  optimizer.options = json.at("options");
  for (const Json& group : json.at("groups")) {
    optimizer.groups.push_back({group.at("parameters").get<std::vector<std::string>>(),
                                group.at("learningRateFactor").get<double>(), group.at("weightDecay").get<double>(),
                                optimizer.type == "Muon" ? group.at("method").get<std::string>() : std::string()});
  }
  return optimizer;
}

LossSettings parse_loss(const Json& json) {
  LossSettings loss;
  loss.type = json.at("type");
  loss.options = json;
  return loss;
}

void parse_training(const Json& json, Plan& plan) {
  plan.loss = parse_loss(json.at("loss"));
  plan.optimizer = parse_optimizer(json.at("optimizer"));
  plan.batch_size = json.at("batchSize");
  plan.evaluate_batch_size = json.at("evaluateBatchSize");
  plan.evaluate_views = json.at("evaluateViews");
  plan.accumulate = json.at("accumulate");
  plan.drop_last = json.at("dropLast");
  if (const Json& clip = json.at("clip"); !clip.is_null()) {
    plan.clip = Clip{clip.at("kind").get<std::string>(), clip.at("at").get<double>()};
  }
  if (const Json& averaging = json.at("averaging"); !averaging.is_null()) {
    const std::string kind = averaging.at("kind");
    plan.averaging = AveragingSettings{kind, kind == "ema" ? averaging.at("decay").get<double>() : 0,
                                       averaging.at("norms").get<std::string>()};
  }
  plan.precision = json.at("precision");
  if (const Json& layout = json.at("channelsLast"); !layout.is_null()) plan.channels_last = layout.get<bool>();
  if (const Json& scale = json.at("lossScale"); !scale.is_null()) plan.loss_scale = scale.get<double>();
}

std::shared_ptr<const AdversarialSettings> parse_adversarial(const Json& json) {
  if (json.is_null()) return nullptr;
  auto settings = std::make_shared<AdversarialSettings>();
  settings->discriminator = parse_plan_node(json.at("discriminator"));
  settings->noise = json.at("noise").get<std::vector<std::int64_t>>();
  settings->conditional = json.at("conditional");
  settings->least_target = json.at("realTargets").at(0);
  settings->most_target = json.at("realTargets").at(1);
  settings->optimizer = parse_optimizer(json.at("optimizer"));
  if (const Json& iterations = json.at("iterations"); !iterations.is_null())
    settings->iterations = iterations.get<std::int64_t>();
  return settings;
}

}  // namespace

Augmentation parse_augmentation(const Json& json) {
  Augmentation augment;
  augment.flipped_copies = json.at("flippedCopies");
  if (const auto crop = json.find("crop"); crop != json.end()) {
    augment.crop_padding = crop->at("padding");
    augment.crop_mode = crop->at("mode");
  }
  if (const auto flip = json.find("flip"); flip != json.end()) {
    augment.flip_probability = flip->at("probability");
    augment.flip_alternates = flip->at("alternate");
  }
  for (const auto& [name, options] : json.items()) {
    if (name != "flippedCopies" && name != "crop" && name != "flip") augment.changes[name] = options;
  }
  return augment;
}

PlanNode parse_plan_node(const Json& json) {
  PlanNode node;
  node.type = json.at("type");
  node.path = json.at("path");
  node.key = json.at("key");
  if (node.type == "Sequential" || node.type == "NBeats") {
    for (const Json& child : json.at("children")) node.children.push_back(parse_plan_node(child));
  } else if (node.type == "Residual") {
    node.body = parse_part(json, "body");
    node.shortcut = parse_part(json, "shortcut");
    node.after = parse_part(json, "after");
  } else if (node.type == "Fork" || node.type == "Join") {
    for (const Json& branch : json.at("branches")) node.children.push_back(parse_plan_node(branch));
    node.join = json.at("join").at("kind");
    node.join_dim = json.at("join").at("dim");
  } else if (node.type == "Transform") {
    for (const char* part : {"training", "evaluation"}) node.children.push_back(parse_plan_node(json.at(part)));
  } else if (node.type == "Repeat") {
    node.count = json.at("count");
    node.body = parse_part(json, "body");
  } else if (node.type == "Recurrent") {
    node.before = parse_part(json, "before");
    node.body = parse_part(json, "body");
    node.after = parse_part(json, "after");
    node.hands_on = json.at("handsOn").get<std::vector<std::string>>();
    node.carry = json.at("carry");
  } else if (node.type == "Layer") {
    node.layer = json.at("layer");
    node.options = json.at("options");
    for (const Json& rule : json.at("initialise"))
      node.initialise.push_back({rule.at("parameters").get<std::string>(), rule.at("method").get<std::string>(), rule});
    node.frozen = json.at("frozen");
  } else {
    throw EngineFailure("badProject", "The engine knows no container called '" + node.type + "'.", node.path);
  }
  return node;
}

Plan parse_plan(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    if (json.at("planVersion") != 1)
      throw EngineFailure("badProject", "This plan was made for another engine version.");
    Plan plan;
    plan.network = parse_plan_node(json.at("network"));
    plan.input_shape = json.at("inputShape").get<std::vector<std::int64_t>>();
    plan.data = parse_data(json.at("data"));
    parse_training(json.at("training"), plan);
    plan.adversarial = parse_adversarial(json.at("adversarial"));
    plan.device = json.at("device");
    plan.threads = json.at("threads");
    plan.seed = json.at("seed");
    return plan;
  } catch (const Json::exception& error) {
    throw EngineFailure("badProject", std::string("The plan cannot be read: ") + error.what());
  }
}

}  // namespace torchwright
