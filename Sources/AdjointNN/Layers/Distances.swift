public import AdjointCore

/// x₁ · x₂ / (|x₁| |x₂|) along one dimension.
public final class CosineSimilarity: Module {
    public let dim: Int
    /// The least that a length counts.
    public let eps: Double

    public init(dim: Int = 1, eps: Double = 1e-8) {
        self.dim = dim
        self.eps = eps
    }

    public func callAsFunction(_ x1: Tensor, _ x2: Tensor) -> Tensor {
        callWithHooks([x1, x2]) { [cosineSimilarity($0[0], $0[1], dim: dim, eps: eps)] }[0]
    }
}

/// The norm of x₁ - x₂ + eps along the last dimension.
public final class PairwiseDistance: Module {
    public let p: Double
    public let eps: Double
    public let keepDim: Bool

    public init(p: Double = 2, eps: Double = 1e-6, keepDim: Bool = false) {
        self.p = p
        self.eps = eps
        self.keepDim = keepDim
    }

    public func callAsFunction(_ x1: Tensor, _ x2: Tensor) -> Tensor {
        callWithHooks([x1, x2]) {
            [pairwiseDistance($0[0], $0[1], p: p, eps: eps, keepDim: keepDim)]
        }[0]
    }
}
