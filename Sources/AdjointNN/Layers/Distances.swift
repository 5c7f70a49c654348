public import AdjointCore

/// x₁ · x₂ / (|x₁| |x₂|) along one dimension.
public final class CosineSimilarity: Module {
    /// The dimension along which vectors lie, which goes.
    public let dim: Int
    /// The least that a length counts.
    public let eps: Double

    /// The cosine of vectors along `dim`.
    public init(dim: Int = 1, eps: Double = 1e-8) {
        self.dim = dim
        self.eps = eps
    }

    /// The cosine for each pair of vectors of `x1` and `x2`, whose shapes broadcast.
    public func callAsFunction(_ x1: Tensor, _ x2: Tensor) -> Tensor {
        callWithHooks([x1, x2]) { [cosineSimilarity($0[0], $0[1], dim: dim, eps: eps)] }[0]
    }
}

/// The norm of x₁ - x₂ + eps along the last dimension.
public final class PairwiseDistance: Module {
    /// Which norm: 2 for the Euclidean distance.
    public let p: Double
    /// What is added to each difference.
    public let eps: Double
    /// Whether the last dimension stays, with size 1.
    public let keepDim: Bool

    /// The p-norm of differences along the last dimension.
    public init(p: Double = 2, eps: Double = 1e-6, keepDim: Bool = false) {
        self.p = p
        self.eps = eps
        self.keepDim = keepDim
    }

    /// The distance for each pair of vectors of `x1` and `x2`, whose shapes broadcast.
    public func callAsFunction(_ x1: Tensor, _ x2: Tensor) -> Tensor {
        callWithHooks([x1, x2]) {
            [pairwiseDistance($0[0], $0[1], p: p, eps: eps, keepDim: keepDim)]
        }[0]
    }
}
