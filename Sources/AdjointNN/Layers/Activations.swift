public import AdjointCore

// Activations without a number to set; those with one are in Activations+Options.swift.

/// max(x, 0).
public final class ReLU: HookedLayer {
    /// The layer; it has no parameters and learns nothing.
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { x.relu() }
}

/// x between 0 and 6.
public final class ReLU6: HookedLayer {
    /// The layer; it has no parameters and learns nothing.
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { relu6(x) }
}

/// The hyperbolic tangent.
public final class Tanh: HookedLayer {
    /// The layer; it has no parameters and learns nothing.
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { x.tanh() }
}

/// 1 / (1 + e⁻ˣ).
public final class Sigmoid: HookedLayer {
    /// The layer; it has no parameters and learns nothing.
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { x.sigmoid() }
}

/// log (1 / (1 + e⁻ˣ)).
public final class LogSigmoid: HookedLayer {
    /// The layer; it has no parameters and learns nothing.
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { logSigmoid(x) }
}

/// `ELU` scaled so that mean 0 and variance 1 persist (Klambauer et al., 2017).
public final class SELU: HookedLayer {
    /// The layer; it has no parameters and learns nothing.
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { selu(x) }
}

/// x σ(x), also known as swish.
public final class SiLU: HookedLayer {
    /// The layer; it has no parameters and learns nothing.
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { silu(x) }
}

/// x tanh(log(1 + eˣ)) (Misra, 2019).
public final class Mish: HookedLayer {
    /// The layer; it has no parameters and learns nothing.
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { mish(x) }
}

/// x relu6(x + 3) / 6 (Howard et al., 2019).
public final class Hardswish: HookedLayer {
    /// The layer; it has no parameters and learns nothing.
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { hardswish(x) }
}

/// relu6(x + 3) / 6.
public final class Hardsigmoid: HookedLayer {
    /// The layer; it has no parameters and learns nothing.
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { hardsigmoid(x) }
}

/// x / (1 + |x|).
public final class Softsign: HookedLayer {
    /// The layer; it has no parameters and learns nothing.
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { softsign(x) }
}

/// x - tanh x.
public final class Tanhshrink: HookedLayer {
    /// The layer; it has no parameters and learns nothing.
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { tanhshrink(x) }
}

/// `Softmax` over the channels of [batch, channels, height, width] or without the batch.
public final class Softmax2d: HookedLayer {
    /// The layer; it has no parameters and learns nothing.
    public init() {}
    public func forward(_ x: Tensor) -> Tensor {
        if x.ndim == 3 || x.ndim == 4 || x.isPoisoned { return x.softmax(dim: -3) }
        return Failure.poison(
            TensorError(
                .shape, "expected an input of 3 or 4 dimensions, but got shape \(x.shape)",
                operation: "softmax2d"))
    }
}

/// x.
public final class Identity: HookedLayer {
    /// The layer; it has no parameters and learns nothing.
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { x }
}
