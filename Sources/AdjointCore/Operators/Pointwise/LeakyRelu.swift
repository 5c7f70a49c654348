/// x where it is positive, a small multiple of it elsewhere.
public struct LeakyRelu: UnaryChainOp {
    public static let info = OpInfo(
        "leakyRelu", family: .pointwise, formula: "x > 0 ? x : s x",
        derivative: "1 where x > 0, else s", torch: "torch.nn.functional.leaky_relu",
        dtypes: .floating)
    public static var samples: [Sample] {
        Sample.unary(LeakyRelu(), over: .distinct)
            + Sample.unary(LeakyRelu(negativeSlope: 0.3), over: .distinct)
    }
    let negativeSlope: Double
    /// x above 0, and `negativeSlope` times x below.
    public init(negativeSlope: Double = 0.01) { self.negativeSlope = negativeSlope }
    public func value<T: Real>(_ x: T) -> T { x > 0 ? x : x * T(negativeSlope) }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        Tensor.where(saved[0] .> 0, flow, flow * negativeSlope)
    }
}

extension Tensor {
    /// `x` where it is positive, `negativeSlope` times `x` elsewhere. Same as
    /// `torch.nn.functional.leaky_relu`.
    public func leakyRelu(negativeSlope: Double = 0.01) -> Tensor {
        apply(LeakyRelu(negativeSlope: negativeSlope), Operands(self))
    }
    /// Writes `leakyRelu` over each element.
    @discardableResult public func leakyRelu_(negativeSlope: Double = 0.01) -> Tensor {
        applyInPlace(LeakyRelu(negativeSlope: negativeSlope), self)
    }
}
