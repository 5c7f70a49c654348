/// Is the element -∞?
public struct IsNegInf: UnaryTestOp {
    public static let info = OpInfo("isneginf", family: .pointwise, formula: "isneginf x")
    public static var samples: [Sample] {
        Sample.unary(IsNegInf(), over: .these([0, .nan, .infinity, -.infinity, 1, -2]))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func test<T: Real>(_ x: T) -> Bool { x == -.infinity }
    public var wholeAnswer: Bool { false }
}

extension Tensor {
    /// True where an element is -∞. Same as `torch.isneginf`.
    public func isneginf() -> Tensor { apply(IsNegInf(), Operands(self)) }
}
