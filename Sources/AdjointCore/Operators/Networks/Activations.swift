// The activation functions under the names of torch.nn.functional. What they compute stands with
// the methods of the same names.

/// `x` where it is positive, α (exp(x / α) - 1) elsewhere.
public func celu(_ x: Tensor, alpha: Double = 1) -> Tensor { x.celu(alpha: alpha) }
/// `x` where it is positive, α (eˣ - 1) elsewhere.
public func elu(_ x: Tensor, alpha: Double = 1) -> Tensor { x.elu(alpha: alpha) }
/// x Φ(x), with the normal distribution function Φ.
public func gelu(_ x: Tensor, approximate: GeluApproximation = .none) -> Tensor {
    x.gelu(approximate: approximate)
}
/// The first half of `dim` times the sigmoid of the second.
public func glu(_ x: Tensor, dim: Int = -1) -> Tensor { x.glu(dim: dim) }
/// `x` where |x| is above `lambd`, 0 elsewhere.
public func hardshrink(_ x: Tensor, lambd: Double = 0.5) -> Tensor { x.hardshrink(lambd: lambd) }
/// min(max(x + 3, 0), 6) / 6.
public func hardsigmoid(_ x: Tensor) -> Tensor { x.hardsigmoid() }
/// x min(max(x + 3, 0), 6) / 6.
public func hardswish(_ x: Tensor) -> Tensor { x.hardswish() }
/// Each element cut off at `minVal` and `maxVal`.
public func hardtanh(_ x: Tensor, minVal: Double = -1, maxVal: Double = 1) -> Tensor {
    x.hardtanh(minVal: minVal, maxVal: maxVal)
}
/// `x` where it is positive, `negativeSlope` times `x` elsewhere.
public func leakyRelu(_ x: Tensor, negativeSlope: Double = 0.01) -> Tensor {
    x.leakyRelu(negativeSlope: negativeSlope)
}
/// log(1 / (1 + e⁻ˣ)).
public func logSigmoid(_ x: Tensor) -> Tensor { x.logSigmoid() }
/// x tanh(log(1 + eˣ)).
public func mish(_ x: Tensor) -> Tensor { x.mish() }
/// `x` where it is positive, `weight` times `x` elsewhere.
public func prelu(_ x: Tensor, _ weight: Tensor) -> Tensor { x.prelu(weight) }
/// Each element cut off at 0 and 6.
public func relu6(_ x: Tensor) -> Tensor { x.relu6() }
/// `x` where it is positive, a multiple of it elsewhere, drawn in training.
public func rrelu(
    _ x: Tensor, lower: Double = 1.0 / 8, upper: Double = 1.0 / 3, training: Bool = false
) -> Tensor {
    x.rrelu(lower: lower, upper: upper, training: training)
}
/// The self-normalising exponential linear unit.
public func selu(_ x: Tensor) -> Tensor { x.selu() }
/// x / (1 + e⁻ˣ).
public func silu(_ x: Tensor) -> Tensor { x.silu() }
/// The softmax of -x along `dim`; converted to `dtype` first.
public func softmin(_ x: Tensor, dim: Int, dtype: DType? = nil) -> Tensor {
    x.softmin(dim: dim, dtype: dtype)
}
/// log(1 + exp(βx)) / β, and `x` itself where βx > threshold.
public func softplus(_ x: Tensor, beta: Double = 1, threshold: Double = 20) -> Tensor {
    x.softplus(beta: beta, threshold: threshold)
}
/// `x` moved towards 0 by `lambd`, and 0 where it does not reach so far.
public func softshrink(_ x: Tensor, lambd: Double = 0.5) -> Tensor { x.softshrink(lambd: lambd) }
/// x / (1 + |x|).
public func softsign(_ x: Tensor) -> Tensor { x.softsign() }
/// x - tanh x.
public func tanhshrink(_ x: Tensor) -> Tensor { x.tanhshrink() }
/// `x` where it is above `threshold`, `value` elsewhere.
public func threshold(_ x: Tensor, _ threshold: Double, _ value: Double) -> Tensor {
    x.threshold(threshold, value)
}

extension Tensor {
    /// The first half of `dim` times the sigmoid of the second (Dauphin et al., 2017). Same as
    /// `torch.nn.functional.glu`.
    ///
    /// - Errors: `.shape` where the size of `dim` is odd, `.dtype` for integers and booleans.
    public func glu(dim: Int = -1) -> Tensor {
        if isPoisoned { return self }
        if let refused = refusedUnlessFloating("glu") { return refused }
        do throws(TensorError) {
            let i = try Dim.resolve(dim, ndim)
            guard ndim > 0, shape[i] % 2 == 0 else {
                throw TensorError(
                    .shape, "dimension \(dim) of shape \(shape) has no two halves")
            }
            let half = shape[i] / 2
            return narrow(dim: i, start: 0, length: half)
                * narrow(dim: i, start: half, length: half).sigmoid()
        } catch {
            return Failure.poison(
                TensorError(error.kind, error.message, operation: "glu"), like: sizes, dtype)
        }
    }

    /// The softmax of -x along `dim`; converted to `dtype` first. Same as
    /// `torch.nn.functional.softmin`.
    public func softmin(dim: Int, dtype: DType? = nil) -> Tensor {
        (-(dtype.map { to($0) } ?? self)).softmax(dim: dim)
    }
}
