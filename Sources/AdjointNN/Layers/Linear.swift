public import AdjointCore

/// y = x wᵀ + b for x of shape [..., in].
public final class Linear: HookedLayer {
    /// [out, in].
    public let weight: Parameter
    /// [out].
    public let bias: Parameter?

    /// Weight and bias start uniform in ±1/√in, as PyTorch's do.
    public init(
        _ inFeatures: Int, _ outFeatures: Int, bias: Bool = true, dtype: DType = .float32
    ) {
        let bound = Init.bound(fanIn: inFeatures)
        weight = Parameter(Init.uniform([outFeatures, inFeatures], bound, dtype))
        self.bias = bias ? Parameter(Init.uniform([outFeatures], bound, dtype)) : nil
    }

    public func forward(_ x: Tensor) -> Tensor { linear(x, weight, bias) }
}

/// Rows of a table, looked up by position: [...] gives [..., width].
public final class Embedding: HookedLayer {
    /// [count, width].
    public let weight: Parameter
    /// The row that receives no gradient.
    public let paddingIndex: Int?

    /// The table starts normal (0, 1), row `paddingIndex` zero.
    public init(
        _ count: Int, _ width: Int, paddingIndex: Int? = nil, dtype: DType = .float32
    ) {
        let padding = paddingIndex.map { $0 < 0 ? $0 + count : $0 }
        let table = Tensor.randn([count, width], dtype: dtype)
        if let padding, padding >= 0, padding < count { table[padding].zero_() }
        weight = Parameter(table)
        self.paddingIndex = padding
    }

    public func forward(_ x: Tensor) -> Tensor {
        embedding(x, weight, paddingIndex: paddingIndex)
    }
}
