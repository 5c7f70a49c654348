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

/// y = x₁ᵀ W x₂ + b, a number for each matrix of W: x₁ of shape [..., in1] and x₂ [..., in2] give
/// [..., out].
public final class Bilinear: Module {
    /// [out, in1, in2].
    public let weight: Parameter
    /// [out].
    public let bias: Parameter?

    /// Weight and bias start uniform in ±1/√in1.
    public init(
        _ in1Features: Int, _ in2Features: Int, _ outFeatures: Int, bias: Bool = true,
        dtype: DType = .float32
    ) {
        let bound = Init.bound(fanIn: in1Features)
        weight = Parameter(Init.uniform([outFeatures, in1Features, in2Features], bound, dtype))
        self.bias = bias ? Parameter(Init.uniform([outFeatures], bound, dtype)) : nil
    }

    /// [..., out] of x₁, [..., in1], and x₂, [..., in2].
    ///
    /// - Errors: `.shape` where sizes do not fit.
    public func callAsFunction(_ x1: Tensor, _ x2: Tensor) -> Tensor {
        callWithHooks([x1, x2]) { [bilinear($0[0], $0[1], weight, bias)] }[0]
    }
}
