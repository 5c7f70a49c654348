/// x times the hard sigmoid of x.
public struct Hardswish: UnaryChainOp {
    public static let info = OpInfo(
        "hardswish", family: .pointwise, formula: "x min(max(x + 3, 0), 6) / 6",
        derivative: "0 up to -3, x/3 + 1/2 before 3, then 1",
        torch: "torch.nn.functional.hardswish", dtypes: .floating)
    public static var samples: [Sample] {
        Sample.unary(Hardswish(), over: .these([-4, -2.5, -1, 0.3, 2.7, 3.5]))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T {
        x.isNaN ? x : x * Swift.min(Swift.max(x + 3, 0), 6) / 6
    }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        let x = saved[0]
        let middle = Tensor.where(x .< 3, flow * (x / 3 + 0.5), flow)
        return Tensor.where(x .<= -3, 0, middle)
    }
}

extension Tensor {
    /// x min(max(x + 3, 0), 6) / 6 for each element `x`. Same as `torch.nn.functional.hardswish`.
    public func hardswish() -> Tensor { apply(Hardswish(), Operands(self)) }
    /// Writes `hardswish` over each element.
    @discardableResult public func hardswish_() -> Tensor { applyInPlace(Hardswish(), self) }
}
