/// Is the element neither NaN nor infinite?
public struct IsFinite: UnaryTestOp {
    public static let info = OpInfo("isfinite", family: .pointwise, formula: "isfinite x")
    public static var samples: [Sample] {
        Sample.unary(IsFinite(), over: .these([0, .nan, .infinity, -.infinity, 1, -2]))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func test<T: Real>(_ x: T) -> Bool { x.isFinite }
    public var wholeAnswer: Bool { true }
}

extension Tensor {
    /// True where an element is neither NaN nor infinite. Same as `torch.isfinite`.
    public func isfinite() -> Tensor { apply(IsFinite(), Operands(self)) }
}
