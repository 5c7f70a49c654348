import CAdjoint

/// The nearest number of so many decimals; halves go to the even one.
public struct Round: UnaryStepOp {
    public static let info = OpInfo(
        "round", family: .pointwise, formula: "round x", derivative: "0", dtypes: .numeric)
    public static var samples: [Sample] {
        Sample.unary(Round(), over: .uniform(0.6, 1.4))
            + Sample.unary(Round(decimals: 1), over: .these([0.33, 0.37, 1.28]))
            + Sample.unary(Round(decimals: -1), over: .these([7, 13, -22]))
    }
    let decimals: Int
    /// Rounds to so many decimals; to tens and so on where that is negative.
    public init(decimals: Int = 0) { self.decimals = decimals }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        if !x.dtype.isFloatingPoint { try check(x.dtype) }
        return x.spec
    }

    public var loop: UnaryKernel? {
        decimals == 0 ? UnaryKernel(adj_round_f32, adj_round_f64) : nil
    }
    public func value<T: Real>(_ x: T) -> T {
        if decimals == 0 { return x.rounded(.toNearestOrEven) }
        let power = T.pow(10, T(decimals.magnitude))
        return decimals > 0
            ? (x * power).rounded(.toNearestOrEven) / power
            : (x / power).rounded(.toNearestOrEven) * power
    }
    public func value(_ x: Int64) -> Int64 {
        if decimals >= 0 { return x }
        // 10¹⁹ is beyond every whole number here.
        if decimals < -18 { return 0 }
        let power = (0..<(-decimals)).reduce(Int64(1)) { power, _ in power * 10 }
        let (quotient, rest) = x.quotientAndRemainder(dividingBy: power)
        let (doubled, limit) = (rest.magnitude * 2, power.magnitude)
        let isAway = doubled > limit || (doubled == limit && quotient & 1 != 0)
        return (quotient + (isAway ? x.signum() : 0)) &* power
    }
}

extension Tensor {
    /// Each element rounded to `decimals` decimals, to tens and so on where that is negative;
    /// halves go to the even neighbour. Same as `torch.round`.
    public func round(decimals: Int = 0) -> Tensor {
        apply(Round(decimals: decimals), Operands(self))
    }
    /// Rounds in place.
    @discardableResult public func round_(decimals: Int = 0) -> Tensor {
        applyInPlace(Round(decimals: decimals), self)
    }
}
