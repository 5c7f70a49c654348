public import AdjointCore

/// max(x, 0).
public final class ReLU: HookedLayer {
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { x.relu() }
}

/// The hyperbolic tangent.
public final class Tanh: HookedLayer {
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { x.tanh() }
}

/// 1 / (1 + e⁻ˣ).
public final class Sigmoid: HookedLayer {
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { x.sigmoid() }
}

/// x Φ(x), with the normal distribution function Φ, or its approximation by tanh.
public final class GELU: HookedLayer {
    public let approximate: GeluApproximation
    public init(approximate: GeluApproximation = .none) { self.approximate = approximate }
    public func forward(_ x: Tensor) -> Tensor { x.gelu(approximate: approximate) }
}

/// eˣ / Σ eˣ along one dimension.
public final class Softmax: HookedLayer {
    public let dim: Int
    public init(dim: Int = -1) { self.dim = dim }
    public func forward(_ x: Tensor) -> Tensor { x.softmax(dim: dim) }
}

/// x.
public final class Identity: HookedLayer {
    public init() {}
    public func forward(_ x: Tensor) -> Tensor { x }
}

/// The dimensions from `startDim` to `endDim` as one; by default all but the batch.
public final class Flatten: HookedLayer {
    public let startDim: Int
    public let endDim: Int

    public init(startDim: Int = 1, endDim: Int = -1) {
        self.startDim = startDim
        self.endDim = endDim
    }

    public func forward(_ x: Tensor) -> Tensor {
        x.flatten(startDim: startDim, endDim: endDim)
    }
}

/// In training, elements become 0 with probability `p`, and the others grow by 1/(1 - p).
public final class Dropout: HookedLayer {
    public let p: Double
    public init(_ p: Double = 0.5) { self.p = p }
    public func forward(_ x: Tensor) -> Tensor { dropout(x, p: p, training: isTraining) }
}
