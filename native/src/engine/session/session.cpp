#include "engine/session/session.h"

#include "engine/evaluation/adversarial_evaluator.h"
#include "engine/evaluation/supervised_evaluator.h"
#include "engine/runtime/failure.h"
#include "engine/training/adversarial_step.h"

namespace torchwright {

Session::Session(Plan plan) : context_(std::move(plan)) {
  if (context_.plan.adversarial) {
    add_adversarial();
  } else {
    add_supervised();
  }
  add(std::make_unique<Checkpoint>(context_, part<Trainer>()));
  add(std::make_unique<StepProfiler>(context_, part<Trainer>()));
}

void Session::add_supervised() {
  auto made = std::make_unique<SupervisedStep>(context_);
  SupervisedStep& step = *made;
  Trainer& trainer = add(std::make_unique<Trainer>(context_, std::move(made)));
  Predictor& predictor = add(std::make_unique<Predictor>(context_, step.loss()));
  add<Evaluator>(std::make_unique<SupervisedEvaluator>(context_, step.loss(), predictor, trainer));
  add(std::make_unique<RateFinder>(context_, trainer, step));
}

void Session::add_adversarial() {
  Adversary& adversary = add(std::make_unique<Adversary>(context_));
  add(std::make_unique<Trainer>(context_, std::make_unique<AdversarialStep>(context_, adversary)));
  add<Evaluator>(std::make_unique<AdversarialEvaluator>(context_, adversary));
}

template <typename Part>
Part& Session::add(std::unique_ptr<Part> part) {
  return *(std::get<std::unique_ptr<Part>>(parts_) = std::move(part));
}

void Session::refuse(const void*) { throw EngineFailure("internal", "This session has no such part."); }

void Session::refuse(const Predictor*) {
  throw EngineFailure("badUsage", "A generator makes images and cannot predict classes.");
}

void Session::refuse(const RateFinder*) {
  throw EngineFailure("badUsage", "The rate finder does not support adversarial training.");
}

void Session::refuse(const Adversary*) {
  throw EngineFailure("badUsage", "Only adversarial projects (recipe.kind) can make images.");
}

}  // namespace torchwright
