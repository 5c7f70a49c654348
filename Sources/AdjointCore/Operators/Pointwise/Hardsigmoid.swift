/// A sigmoid of three straight lines.
public struct Hardsigmoid: UnaryChainOp {
    public static let info = OpInfo(
        "hardsigmoid", family: .pointwise, formula: "min(max(x + 3, 0), 6) / 6",
        derivative: "1/6 where -3 < x < 3, else 0", torch: "torch.nn.functional.hardsigmoid",
        dtypes: .floating)
    public static var samples: [Sample] {
        Sample.unary(Hardsigmoid(), over: .these([-4, -2.5, -1, 0.3, 2.7, 3.5]))
    }
    /// The operation; it has no parameters.
    public init() {}

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        return inputs.first.spec
    }

    public func value<T: Real>(_ x: T) -> T {
        x.isNaN ? x : Swift.min(Swift.max(x + 3, 0), 6) / 6
    }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        let isInside = (saved[0] .> -3).logicalAnd(saved[0] .< 3)
        return Tensor.where(isInside, flow / 6, 0)
    }
}

extension Tensor {
    /// min(max(x + 3, 0), 6) / 6 for each element `x`. Same as `torch.nn.functional.hardsigmoid`.
    ///
    /// - Errors: `.dtype` for integers and booleans.
    public func hardsigmoid() -> Tensor { apply(Hardsigmoid(), Operands(self)) }
    /// Writes `hardsigmoid` over each element.
    @discardableResult public func hardsigmoid_() -> Tensor { applyInPlace(Hardsigmoid(), self) }
}
