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
        let padding = paddingIndex.map { $0 < 0 ? $0 + count : $0 }
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
