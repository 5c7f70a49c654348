public import AdjointCore

/// Rows of a table, looked up by position: [...] gives [..., width].
public final class Embedding: HookedLayer {
    /// [count, width].
    public let weight: Parameter
    /// The row that receives no gradient.
    public let paddingIndex: Int?
    /// Rows that are longer are shortened to it when they are looked up; nil for no limit.
    public let maxNorm: Double?
    /// The norm that `maxNorm` is of.
    public let normType: Double
    /// Whether a row's gradient is divided by how often the row is named.
    public let scaleGradByFreq: Bool

    /// The table starts normal (0, 1), row `paddingIndex` zero.
    public init(
        _ count: Int, _ width: Int, paddingIndex: Int? = nil, maxNorm: Double? = nil,
        normType: Double = 2, scaleGradByFreq: Bool = false, dtype: DType = .float32
    ) {
        let padding = paddingIndex.map { $0 < 0 ? $0 &+ count : $0 }
        let table = Tensor.randn([count, width], dtype: dtype)
        if let padding, padding >= 0, padding < count { table[padding].zero_() }
        weight = Parameter(table)
        self.paddingIndex = padding
        self.maxNorm = maxNorm
        self.normType = normType
        self.scaleGradByFreq = scaleGradByFreq
    }

    public func forward(_ x: Tensor) -> Tensor {
        embedding(
            x, weight, paddingIndex: paddingIndex, maxNorm: maxNorm, normType: normType,
            scaleGradByFreq: scaleGradByFreq)
    }
}

/// Rows of a table, looked up and reduced by bags; see `embeddingBag`.
public final class EmbeddingBag: HookedLayer {
    /// [count, width].
    public let weight: Parameter
    /// How the rows of a bag become one.
    public let mode: BagMode
    /// The row that no bag counts and that gets no gradient; nil for none.
    public let paddingIndex: Int?
    /// The longest that a row may be; longer ones are shortened where they lie. Nil for no limit.
    public let maxNorm: Double?
    /// Which norm `maxNorm` means.
    public let normType: Double
    /// Whether a row's gradient is divided by how often the row occurs in the call.
    public let scaleGradByFreq: Bool
    /// Whether the last offset is the end of the last bag.
    public let includeLastOffset: Bool

    /// The table starts normal (0, 1), row `paddingIndex` zero.
    public init(
        _ count: Int, _ width: Int, maxNorm: Double? = nil, normType: Double = 2,
        scaleGradByFreq: Bool = false, mode: BagMode = .mean, includeLastOffset: Bool = false,
        paddingIndex: Int? = nil, dtype: DType = .float32
    ) {
        let padding = paddingIndex.map { $0 < 0 ? $0 &+ count : $0 }
        let table = Tensor.randn([count, width], dtype: dtype)
        if let padding, padding >= 0, padding < count { table[padding].zero_() }
        weight = Parameter(table)
        self.mode = mode
        self.paddingIndex = padding
        self.maxNorm = maxNorm
        self.normType = normType
        self.scaleGradByFreq = scaleGradByFreq
        self.includeLastOffset = includeLastOffset
    }

    /// A bag in each row of `x`.
    public func forward(_ x: Tensor) -> Tensor { bags(x, nil, nil) }

    public func callAsFunction(_ x: Tensor) -> Tensor { callWithHooks(x) { forward($0) } }

    /// Bags that begin at `offsets`, or stand in the rows of `x`, with a factor for each index.
    public func callAsFunction(
        _ x: Tensor, _ offsets: Tensor? = nil, perSampleWeights: Tensor? = nil
    ) -> Tensor {
        callWithHooks([x] + [offsets].compactMap { $0 }) {
            [bags($0[0], $0.count > 1 ? $0[1] : nil, perSampleWeights)]
        }[0]
    }

    private func bags(_ x: Tensor, _ offsets: Tensor?, _ factors: Tensor?) -> Tensor {
        embeddingBag(
            x, weight, offsets: offsets, mode: mode, perSampleWeights: factors,
            includeLastOffset: includeLastOffset, paddingIndex: paddingIndex, maxNorm: maxNorm,
            normType: normType, scaleGradByFreq: scaleGradByFreq)
    }
}
