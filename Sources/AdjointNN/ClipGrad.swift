public import AdjointCore

/// Scales the gradients of `parameters` in place so that all together have at most the norm
/// `maxNorm`. Returns the norm before, a 0-dimensional tensor; 0 where no gradient is.
///
/// The factor is min(1, maxNorm / (norm + 1e-6)), as in PyTorch.
///
/// - Parameters:
///   - parameters: The tensors whose `grad` is scaled.
///   - maxNorm: The largest norm that is let pass.
///   - normType: The order of the norm; `.infinity` for the largest magnitude.
///   - errorIfNonfinite: Whether a norm that is infinite or NaN is an error.
/// - Errors: `.argument` where the norm is infinite or NaN and `errorIfNonfinite` is true.
@discardableResult
public func clipGradNorm_(
    _ parameters: [Tensor], maxNorm: Double, normType: Double = 2, errorIfNonfinite: Bool = false
) -> Tensor {
    noGrad {
        let gradients = parameters.compactMap { $0.grad?.detach() }
        guard let first = gradients.first else { return Tensor(0.0, dtype: .float32) }
        var total = first.norm(normType)
        if gradients.count > 1 {
            let norms = gradients.map { $0.norm(normType).to(.float32) }
            total = Tensor.stack(norms).norm(normType)
        }
        if errorIfNonfinite, !total.item(as: Double.self).isFinite {
            return Failure.poison(
                TensorError(
                    .argument,
                    "The total norm of order \(normType) for gradients is non-finite, so it "
                        + "cannot be clipped; pass errorIfNonfinite: false to scale by it anyway",
                    operation: "clipGradNorm_"))
        }
        let factor = (maxNorm / (total + 1e-6)).clamp(max: 1)
        for gradient in gradients { gradient.mul_(factor) }
        return total
    }
}

/// Limits each element of the gradients of `parameters`, in place, to ±`clipValue`.
public func clipGradValue_(_ parameters: [Tensor], _ clipValue: Double) {
    noGrad {
        for parameter in parameters {
            parameter.grad?.detach().clamp_(min: -clipValue, max: clipValue)
        }
    }
}
