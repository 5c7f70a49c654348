/// Is the element not a number?
public struct IsNaN: UnaryTestOp {
    public static let info = OpInfo("isnan", family: .pointwise, formula: "isnan x")
    public static var samples: [Sample] {
        Sample.unary(IsNaN(), over: .these([0, .nan, .infinity, -.infinity, 1, -2]))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func test<T: Real>(_ x: T) -> Bool { x.isNaN }
    public var wholeAnswer: Bool { false }
}

extension Tensor {
    /// True where an element is NaN. Same as `torch.isnan`.
    public func isnan() -> Tensor { apply(IsNaN(), Operands(self)) }
}
