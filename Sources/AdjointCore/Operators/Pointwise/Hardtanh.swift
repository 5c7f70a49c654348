import CAdjoint

/// x cut off at two bounds; at and beyond them the derivative is 0.
public struct Hardtanh: UnaryChainOp {
    public static let info = OpInfo(
        "hardtanh", family: .pointwise, formula: "min(max(x, l), u)",
        derivative: "1 where l < x < u, else 0", torch: "torch.nn.functional.hardtanh",
        dtypes: .numeric)
    public static var resultKind: ResultKind { .promoted }
    public static var samples: [Sample] {
        Sample.unary(Hardtanh(), over: .these([-2, -0.7, 0.2, 0.9, 1.5, 0.1]))
    }
    let low: Double
    let high: Double
    /// Cuts off at `low` and `high`.
    ///
    /// - Errors: `.argument`, when it is called, for bounds out of order.
    public init(low: Double = -1, high: Double = 1) {
        self.low = low
        self.high = high
    }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        if !inputs.first.dtype.isFloatingPoint { try check(inputs.first.dtype) }
        if !(low <= high) {
            throw TensorError(.argument, "the bounds \(low) and \(high) are not in order")
        }
        return inputs.first.spec
    }

    public var loop: UnaryKernel? { .clamp(low, high) }
    public func value<T: Real>(_ x: T) -> T {
        x.isNaN ? x : Swift.min(Swift.max(x, T(low)), T(high))
    }
    public func value(_ x: Int64) -> Int64 {
        Swift.min(Swift.max(x, Scalar.float(low).int), Scalar.float(high).int)
    }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        let x = saved[0]
        return Tensor.where((x .<= low).logicalOr(x .>= high), 0, flow)
    }
}

extension Tensor {
    /// Each element cut off at `minVal` and `maxVal`. Same as `torch.nn.functional.hardtanh`.
    public func hardtanh(minVal: Double = -1, maxVal: Double = 1) -> Tensor {
        apply(Hardtanh(low: minVal, high: maxVal), Operands(self))
    }
    /// Cuts off at `minVal` and `maxVal` in place.
    @discardableResult
    public func hardtanh_(minVal: Double = -1, maxVal: Double = 1) -> Tensor {
        applyInPlace(Hardtanh(low: minVal, high: maxVal), self)
    }
    /// Each element cut off at 0 and 6. Same as `torch.nn.functional.relu6`.
    public func relu6() -> Tensor { hardtanh(minVal: 0, maxVal: 6) }
    /// Cuts off at 0 and 6 in place.
    @discardableResult public func relu6_() -> Tensor { hardtanh_(minVal: 0, maxVal: 6) }
}
