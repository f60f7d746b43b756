// Trains a plan without Node: for profiling, and for trying a GPU machine that has nothing but libtorch.
//
//   torchwright-engine plan.json --rate 0.1 [--epochs 1] [--steps n]
//
// The plan comes from `torchwright plan RECIPE`. The rate is constant: schedules are the workbench's affair.

#include <ATen/Parallel.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "engine/runtime/devices.h"
#include "engine/runtime/failure.h"
#include "engine/session/session.h"

namespace {

struct Arguments {
  std::string plan;
  double rate = 0.01;
  int epochs = 1;
  std::optional<std::int64_t> steps;
};

std::optional<Arguments> parse_arguments(int count, char** words) {
  Arguments arguments;
  for (int index = 1; index < count; ++index) {
    const std::string word = words[index];
    const bool has_value = index + 1 < count;
    if (word == "--rate" && has_value) {
      arguments.rate = std::stod(words[++index]);
    } else if (word == "--epochs" && has_value) {
      arguments.epochs = std::stoi(words[++index]);
    } else if (word == "--steps" && has_value) {
      arguments.steps = std::stoll(words[++index]);
    } else if (arguments.plan.empty() && word.rfind("--", 0) != 0) {
      arguments.plan = word;
    } else {
      return std::nullopt;
    }
  }
  if (arguments.plan.empty()) return std::nullopt;
  return arguments;
}

std::string read_file(const std::string& name) {
  std::ifstream file(name);
  if (!file) throw torchwright::EngineFailure("notFound", "Cannot open " + name + ".", name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string words(const torchwright::FigureValues& figures) {
  std::string text;
  for (const auto& [name, value] : figures) {
    char number[32];
    std::snprintf(number, sizeof number, "%.5f", value);
    text += " " + name + " " + number;
  }
  return text;
}

void train(const Arguments& arguments) {
  torchwright::Session session(torchwright::parse_plan(read_file(arguments.plan)));
  auto& trainer = session.part<torchwright::Trainer>();
  std::printf("libtorch %s, %s, %d threads, %lld steps an epoch\n", torchwright::libtorch_version().c_str(),
              session.context().plan.device.c_str(), at::get_num_threads(),
              static_cast<long long>(trainer.steps_per_epoch()));
  torchwright::TrainRequest request;
  request.learning_rates.assign(static_cast<std::size_t>(trainer.steps_per_epoch()), arguments.rate);
  request.max_steps = arguments.steps;
  for (int epoch = 1; epoch <= arguments.epochs; ++epoch) {
    const auto outcome = trainer.train(request, nullptr);
    std::printf("epoch %d %s: %lld steps in %.3f s (%.1f us a step), train%s\n", epoch, outcome.state.c_str(),
                static_cast<long long>(outcome.progress.step), outcome.seconds,
                outcome.seconds / static_cast<double>(std::max<std::int64_t>(outcome.progress.step, 1)) * 1e6,
                words(outcome.progress.figures).c_str());
    if (outcome.state != "finished") break;
    const auto test =
        session.part<torchwright::Evaluator>().evaluate(torchwright::SplitName::test, torchwright::WeightsName::last);
    std::printf("  test%s\n", words(test.figures).c_str());
  }
}

}  // namespace

int main(int count, char** words) {
  const auto arguments = parse_arguments(count, words);
  if (!arguments) {
    std::fprintf(stderr, "Usage: torchwright-engine PLAN.json [--rate r] [--epochs n] [--steps n]\n");
    return 2;
  }
  try {
    train(*arguments);
    return 0;
  } catch (const torchwright::EngineFailure& failure) {
    std::fprintf(stderr, "%s%s%s\n", failure.what(), failure.at.empty() ? "" : " at ", failure.at.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  return 1;
}
