#include "engine/kernels/narrow_linear.h"

#include <ATen/autocast_mode.h>

#include "engine/runtime/step_profile.h"

namespace torchwright {
namespace {

using torch::Tensor;

class LinearOfFew : public torch::autograd::Function<LinearOfFew> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& weight,
                        const Tensor& bias) {
    context->save_for_backward({x, weight});
    Tensor y = torch::empty({x.size(0), weight.size(0)}, x.options());
    at::add_out(y, at::mm(weight, x.t()).t(), bias);
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor& gradient = gradients[0];
    return {context->needs_input_grad(0) ? gradient.mm(saved[1]) : Tensor(),
            context->needs_input_grad(1) ? gradient.t().mm(saved[0]) : Tensor(),
            context->needs_input_grad(2) ? gradient.sum(0) : Tensor()};
  }
};

}  // namespace

bool suits_linear_of_few(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  return x.is_cpu() && x.dim() == 2 && x.scalar_type() == torch::kFloat32 && weight.scalar_type() == torch::kFloat32 &&
         !at::autocast::is_autocast_enabled(at::kCPU) && bias.defined() && weight.size(0) <= 16 &&
         weight.size(1) >= 64 && x.size(1) == weight.size(1);
}

Tensor linear_of_few(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  StepProfile::note_kernel("linearOfFew");
  return LinearOfFew::apply(x, weight, bias);
}

}  // namespace torchwright
